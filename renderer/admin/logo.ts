const LARGEST = { width: 600, height: 240 };
/** Base64 characters that the server takes, with room to spare. */
const MOST = 110_000;

/** Any picture that the browser can open, as a PNG small enough for a letterhead, in base64. @throws when it is none. */
export async function logoOf(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  for (let scale = Math.min(1, LARGEST.width / picture.width, LARGEST.height / picture.height); ; scale *= 0.8) {
    const png = await drawn(picture, scale);
    if (png.length <= MOST) return png;
  }
}

async function drawn(picture: ImageBitmap, scale: number): Promise<string> {
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
