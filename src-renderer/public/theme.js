// Before the first paint: dark or light as chosen, else as the system says. Same key as VueUse's useColorMode.
(() => {
  const chosen = localStorage.getItem('vueuse-color-scheme') ?? 'auto';
  const dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
