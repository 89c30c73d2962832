import type { Picture } from '../queries.ts';

type Props = Readonly<{
  of: Picture;
  /** Across and down, in CSS pixels. */
  size: number;
  /** Whom it shows, where their name does not stand beside it. */
  alt?: string;
}>;

/** What somebody looks like. */
export const Portrait = ({ of, size, alt = '' }: Props) => (
  <img className="portrait" src={`data:${of.media};base64,${of.data}`} alt={alt} width={size} height={size} />
);
