/** How large a drawing may become. */

/**
 * CSS for the greatest width of a drawing: at most 1.5 times its size, and low enough to be seen whole.
 * @param rest pixels of the window's height that other things need
 */
export function fitted(width: number, height: number, rest: number): string {
  return `min(${Math.round(width * 1.5)}px, max(${Math.round(width * 0.55)}px, calc((100vh - ${rest}px) * ${(width / height).toFixed(4)})))`;
}
