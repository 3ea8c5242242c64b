/** Where the guide's card can stand beside what it talks about. */
export type Beside = 'right' | 'left' | 'above' | 'below';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 14;
const EDGE = 8;

/** Puts a card beside a target without covering it, and inside the window as far as there is room. */
export function placeBeside(
  target: Box,
  card: { readonly width: number; readonly height: number },
  beside: Beside,
  window: { readonly width: number; readonly height: number },
): { readonly left: number; readonly top: number } {
  const within = (at: number, size: number, room: number): number => Math.max(EDGE, Math.min(at, room - size - EDGE));
  const middleLeft = within(target.left + target.width / 2 - card.width / 2, card.width, window.width);
  const middleTop = within(target.top + Math.min(target.height / 2, 220) - card.height / 2, card.height, window.height);
  switch (beside) {
    case 'right':
      return { left: target.left + target.width + GAP, top: middleTop };
    case 'left':
      return { left: target.left - card.width - GAP, top: middleTop };
    case 'above':
      return { left: middleLeft, top: target.top - card.height - GAP };
    case 'below':
      return { left: middleLeft, top: target.top + target.height + GAP };
    default:
      return beside satisfies never;
  }
}
