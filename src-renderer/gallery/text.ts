/** What the gallery says. The states are named in the specimens. */
export const galleryText = {
  title: 'Components',
  components: 'Components',
  theme: 'Theme',
  auto: 'System',
  light: 'Light',
  dark: 'Dark',
};
