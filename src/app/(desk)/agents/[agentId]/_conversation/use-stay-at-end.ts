"use client";

import { useCallback, useEffect, useRef } from "react";

/** Nearer to the end than this, the reader follows; farther up, the page holds still under the eyes. */
const NEAR_PX = 80;

/**
 * Keeps a scrolled column at its end while it grows, unless the reader has gone up to read.
 * @param empty what stands there is no conversation yet, and is read from its top
 */
export function useStayAtEnd(empty: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const fromTop = useRef(empty);
  fromTop.current = empty;

  const toEnd = useCallback(() => {
    const box = scroller.current;
    // Who opens something in the column looks at what opens, not at the end that it pushes away.
    const works = content.current?.contains(document.activeElement) ?? false;
    if (box && following.current && !works && !fromTop.current) box.scrollTop = box.scrollHeight;
  }, []);

  useEffect(() => {
    const box = scroller.current;
    const column = content.current;
    if (!box || !column) return;
    const onScroll = () => {
      following.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    };
    const observer = new ResizeObserver(toEnd);
    observer.observe(column);
    observer.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [toEnd]);

  const follow = useCallback(() => {
    following.current = true;
    toEnd();
  }, [toEnd]);
  return { scroller, content, follow };
}
