import { useQuery } from '@tanstack/react-query';
import { type Picture, pictureOf } from '../queries.ts';
import { useApi } from '../services.ts';

type Look = Readonly<{
  /** Across and down, in CSS pixels. */
  size: number;
  /** Whom it shows, where their name does not stand beside it. */
  alt?: string;
}>;

/** What somebody looks like. */
export const Portrait = ({ of, size, alt = '' }: Look & Readonly<{ of: Picture }>) => (
  <img className="portrait" src={`data:${of.media};base64,${of.data}`} alt={alt} width={size} height={size} />
);

/** The same of a colleague; nothing where there is none, or nobody who could tell. */
export function PortraitOf({ userId, ...look }: Look & Readonly<{ userId: string }>) {
  const picture = useQuery({ ...pictureOf(useApi(), userId), retry: false }).data?.picture;
  return picture ? <Portrait of={picture} {...look} /> : null;
}
