import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

/** Prints what stands in it, and nothing else of the page, as soon as it is there; then says that it is done. */
export function Print({ children, done }: { children: ReactNode; done: () => void }) {
  const latest = useRef(done);
  latest.current = done;
  useEffect(() => {
    document.body.classList.add('printing');
    const over = () => latest.current();
    window.addEventListener('afterprint', over, { once: true });
    window.print();
    return () => {
      document.body.classList.remove('printing');
      window.removeEventListener('afterprint', over);
    };
  }, []);
  return createPortal(<div className="print-root print-only">{children}</div>, document.body);
}
