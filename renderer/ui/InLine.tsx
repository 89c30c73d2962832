import { Children, type ReactNode } from 'react';

/** Facts behind one another, each in one piece; the point between two goes where the line breaks. */
export function InLine({ children }: { children: readonly ReactNode[] }) {
  return (
    <span className="in-a-line">
      <span>
        {Children.map(children.filter(Boolean), (fact) => (
          <span>{fact} </span>
        ))}
      </span>
    </span>
  );
}
