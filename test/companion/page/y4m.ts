import encodeQR from "qr";

const WIDTH = 640;
const HEIGHT = 480;

/**
 * A film of one picture, as Chromium's simulated camera plays it (YUV4MPEG2): the QR code of a text, a little out of focus and
 * not straight, on grey.
 */
export function filmOf(text: string, frames = 3): Uint8Array {
  const rows = encodeQR(text, "raw", { ecc: "quartile", border: 2 });
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  const [cos, sin] = [Math.cos(0.12), Math.sin(0.12)];
  const cell = 300 / rows.length;
  const isDark = (x: number, y: number): boolean | undefined => {
    const [fromLeft, fromTop] = [x - WIDTH / 2, y - HEIGHT / 2];
    const column = (fromLeft * cos + fromTop * sin) / cell + rows.length / 2;
    const row = (fromTop * cos - fromLeft * sin) / cell + rows.length / 2;
    return rows[Math.floor(row)]?.[Math.floor(column)];
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const dark = isDark(x, y);
      luma[y * WIDTH + x] = dark === undefined ? 120 : dark ? 40 : 215;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = [Buffer.from("FRAME\n"), luma, chroma];
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([header, ...Array.from({ length: frames }, () => frame).flat()]);
}
