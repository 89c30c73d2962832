/** `nativeImage`: bytes and, of a PNG, its size; nothing is decoded or scaled. */
import { existsSync, readFileSync } from 'node:fs';

const PNG_HEADER_BYTES = 24;

export class NativeImage {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  toPNG(): Buffer {
    return this.#bytes;
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`;
  }

  getSize(): { width: number; height: number } {
    const isPng = this.#bytes.length >= PNG_HEADER_BYTES && this.#bytes.toString('latin1', 1, 4) === 'PNG';
    return isPng
      ? { width: this.#bytes.readUInt32BE(16), height: this.#bytes.readUInt32BE(20) }
      : { width: 0, height: 0 };
  }

  getAspectRatio(): number {
    const { width, height } = this.getSize();
    return height === 0 ? 1 : width / height;
  }

  resize(): NativeImage {
    return this;
  }

  crop(): NativeImage {
    return this;
  }

  addRepresentation(): void {}
  setTemplateImage(): void {}
  isTemplateImage(): boolean {
    return false;
  }
}

export const nativeImage = {
  createEmpty: () => new NativeImage(Buffer.alloc(0)),
  createFromPath: (path: string) => new NativeImage(existsSync(path) ? readFileSync(path) : Buffer.alloc(0)),
  createFromBuffer: (bytes: Buffer) => new NativeImage(Buffer.from(bytes)),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  createThumbnailFromPath: async (path: string) => nativeImage.createFromPath(path),
};
