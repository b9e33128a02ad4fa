/** Draws a confusion matrix of many classes: once, not at each step of the keys or the pointer. */

/** What is drawn, in the order of the classes as shown. */
export interface MatrixDrawing {
  readonly names: readonly string[];
  /** Images; rows are true classes. */
  readonly cells: readonly (readonly number[])[];
  readonly shows: 'counts' | 'rates';
  /** Edge of a cell and room for names, in pixels. */
  readonly cell: number;
  readonly labels: { readonly left: number; readonly top: number };
  readonly colours: MatrixColours;
}

/** CSS colours of the page. */
export interface MatrixColours {
  readonly right: string;
  readonly wrong: string;
  readonly text: string;
  readonly muted: string;
  readonly empty: string;
  readonly font: string;
}

/** Cells of this edge have room for a figure, and names are drawn beside cells of this one. */
const minFigure = 24;
const minName = 9;

/** Room for the names of classes; less where they cannot be read anyway. */
export function labelRoom(names: readonly string[], cell: number): { left: number; top: number } {
  if (cell < minName) return { left: 18, top: 18 };
  const longest = Math.max(...names.map(({ length }) => length));
  return { left: Math.min(120, 12 + 6.4 * longest), top: Math.min(96, 12 + 6 * longest) };
}

/** The edge of a cell that shows all classes in this width; never smaller than a pointer can hit. */
export function cellEdge(width: number, names: readonly string[]): number {
  for (let edge = 44; edge > 4; edge--) {
    if (labelRoom(names, edge).left + edge * names.length <= width) return edge;
  }
  return 4;
}

/** Draws all of it. @param scale device pixels per CSS pixel */
export function drawMatrix(context: CanvasRenderingContext2D, drawing: MatrixDrawing, scale: number): void {
  const { names, cells, cell, labels, colours } = drawing;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const gap = cell >= 8 ? 1 : 0;
  const most = Math.max(1, ...cells.map((row) => Math.max(...row)));
  cells.forEach((row, i) => {
    const total = Math.max(
      1,
      row.reduce((sum, images) => sum + images, 0),
    );
    row.forEach((images, j) => {
      const [x, y] = [labels.left + j * cell, labels.top + i * cell];
      const share = drawing.shows === 'rates' ? images / total : images / most;
      context.globalAlpha = 1;
      context.fillStyle = colours.empty;
      context.fillRect(x, y, cell - gap, cell - gap);
      if (images === 0) return;
      // One photo of a thousand is still seen.
      context.globalAlpha = 0.18 + 0.6 * Math.sqrt(share);
      context.fillStyle = i === j ? colours.right : colours.wrong;
      context.fillRect(x, y, cell - gap, cell - gap);
      if (cell >= minFigure) drawFigure(context, drawing, images, total, x, y);
    });
  });
  context.globalAlpha = 1;
  if (cell >= minName) drawNames(context, names, drawing);
}

function drawFigure(
  context: CanvasRenderingContext2D,
  { cell, colours, shows }: MatrixDrawing,
  images: number,
  total: number,
  x: number,
  y: number,
): void {
  const text = shows === 'rates' ? `${Math.round((100 * images) / total)}` : String(images);
  context.globalAlpha = 1;
  context.fillStyle = colours.text;
  context.font = `500 ${text.length > 3 ? 9 : 11}px ${colours.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, x + cell / 2, y + cell / 2, cell - 2);
}

function drawNames(
  context: CanvasRenderingContext2D,
  names: readonly string[],
  { cell, labels, colours }: MatrixDrawing,
): void {
  context.font = `${Math.min(12, cell + 1)}px ${colours.font}`;
  context.textBaseline = 'middle';
  names.forEach((name, at) => {
    context.textAlign = 'right';
    context.fillStyle = colours.muted;
    context.fillText(
      shorten(context, name, labels.left - 8),
      labels.left - 6,
      labels.top + (at + 0.5) * cell,
    );
    context.save();
    context.translate(labels.left + (at + 0.5) * cell, labels.top - 6);
    context.rotate(-Math.PI / 2);
    context.textAlign = 'left';
    context.fillStyle = colours.muted;
    context.fillText(shorten(context, name, labels.top - 8), 0, 0);
    context.restore();
  });
}

function shorten(context: CanvasRenderingContext2D, name: string, room: number): string {
  if (context.measureText(name).width <= room) return name;
  let kept = name;
  while (kept.length > 1 && context.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}
