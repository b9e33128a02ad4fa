/** Pictures that the lab draws, for use before there is any photo. */

/** Paints a small landscape with edges in all directions, a curve, a texture and flat parts. */
export function paintScene(context: CanvasRenderingContext2D, side: number): void {
  const u = side / 100;
  const area = (colour: string, ...points: readonly (readonly [number, number])[]): void => {
    context.fillStyle = colour;
    context.beginPath();
    points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x * u, y * u) : context.lineTo(x * u, y * u)));
    context.fill();
  };
  const sky = context.createLinearGradient(0, 0, 0, 66 * u);
  sky.addColorStop(0, '#6f9fd0');
  sky.addColorStop(1, '#dfe9ee');
  context.fillStyle = sky;
  context.fillRect(0, 0, side, side);
  context.fillStyle = '#fbe3a0';
  context.beginPath();
  context.arc(78 * u, 20 * u, 10 * u, 0, 2 * Math.PI);
  context.fill();
  area('#8aa0a8', [0, 66], [18, 40], [34, 58], [52, 34], [82, 66]);
  area('#5f7a63', [0, 64], [100, 58], [100, 100], [0, 100]);
  area('#d9c7ae', [22, 52], [58, 52], [58, 84], [22, 84]);
  area('#9b4f3d', [17, 53], [40, 34], [63, 53]);
  area('#4b3a31', [34, 66], [45, 66], [45, 84], [34, 84]);
  for (const x of [26, 49]) area('#eef3f5', [x, 58], [x + 6, 58], [x + 6, 64], [x, 64]);
  for (let i = 0; i < 8; i++) {
    const x = 66 + i * 4;
    area('#efe8db', [x, 70], [x + 2, 68], [x + 4 - 1.4, 70], [x + 4 - 1.4, 86], [x, 86]);
  }
  for (let i = 0; i < 60; i++) {
    const [x, y] = [(i * 37) % 100, 86 + ((i * 53) % 14)];
    area(i % 2 === 0 ? '#47604b' : '#7c957a', [x, y], [x + 1.2, y - 3], [x + 2, y]);
  }
}

/** Paints a handwritten-looking 5 in white on black, as in MNIST. */
export function paintDigit(context: CanvasRenderingContext2D, side: number): void {
  const u = side / 28;
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
  context.strokeStyle = '#fff';
  context.lineWidth = 2.6 * u;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(20 * u, 6.5 * u);
  context.lineTo(11 * u, 7 * u);
  context.lineTo(10 * u, 13 * u);
  context.bezierCurveTo(15 * u, 11 * u, 19.5 * u, 14 * u, 18 * u, 18.5 * u);
  context.bezierCurveTo(17 * u, 22 * u, 11 * u, 23 * u, 8 * u, 20 * u);
  context.stroke();
}

/** A drawn picture as the address of a PNG. */
export function drawnPicture(kind: 'scene' | 'digit', side: number): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d')!;
  if (kind === 'scene') paintScene(context, side);
  else paintDigit(context, side);
  return canvas.toDataURL();
}
