/** So many pixels a picture has across and down: twice of what is shown, for screens with small dots. */
const SIZE = 256;

/** The middle of a picture, small and square, as JPEG in base64; null when it is none that this browser knows. */
export async function stampOf(file: Blob): Promise<string | null> {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return null;
  const side = Math.min(image.width, image.height);
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const [left, top] = [(image.width - side) / 2, (image.height - side) / 2];
  canvas.getContext('2d')?.drawImage(image, left, top, side, side, 0, 0, SIZE, SIZE);
  return canvas.toDataURL('image/jpeg', 0.85).split(',')[1] ?? null;
}
