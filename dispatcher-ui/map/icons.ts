import type { Map as MapLibreMap } from 'maplibre-gl';
import { crewColours, MAP_COLOURS, type CrewLook } from './colours.ts';
import type { Theme } from '../state/theme.ts';

const SIZE = 48;

/** One colour each, given by the layer. Priority is a shape as well as a colour: pentagon, diamond, square, circle. */
const SHAPES: Record<string, (path: Path2D) => void> = {
  'priority-1': (path) => polygon(path, 5, -Math.PI / 2, 20),
  'priority-2': (path) => polygon(path, 4, 0, 21),
  'priority-3': (path) => path.roundRect(SIZE / 2 - 16, SIZE / 2 - 16, 32, 32, 4),
  'priority-4': (path) => path.arc(SIZE / 2, SIZE / 2, 17, 0, 2 * Math.PI),
  stop: (path) => path.arc(SIZE / 2, SIZE / 2, 17, 0, 2 * Math.PI),
  heading: (path) => {
    path.moveTo(SIZE / 2, 10);
    path.lineTo(SIZE / 2 + 13, 36);
    path.lineTo(SIZE / 2, 30);
    path.lineTo(SIZE / 2 - 13, 36);
    path.closePath();
  },
  dot: (path) => path.arc(SIZE / 2, SIZE / 2, 12, 0, 2 * Math.PI),
  ring: (path) => {
    path.arc(SIZE / 2, SIZE / 2, 15, 0, 2 * Math.PI);
    // The other way round: the middle stays empty.
    path.arc(SIZE / 2, SIZE / 2, 9, 0, 2 * Math.PI, true);
  },
  // Two slanted strokes, as where a line is broken off.
  'cut-off': (path) => {
    for (const x of [13, 26]) {
      path.moveTo(x, 38);
      path.lineTo(x + 5, 38);
      path.lineTo(x + 12, 10);
      path.lineTo(x + 7, 10);
      path.closePath();
    }
  },
  tick: (path) => {
    for (const [x, y] of [
      [8, 25],
      [14, 19],
      [21, 26],
      [35, 12],
      [41, 18],
      [21, 38],
    ] as const)
      path.lineTo(x, y);
    path.closePath();
  },
  depot: (path) => {
    path.moveTo(8, 22);
    path.lineTo(SIZE / 2, 9);
    path.lineTo(SIZE - 8, 22);
    path.lineTo(SIZE - 8, SIZE - 9);
    path.lineTo(8, SIZE - 9);
    path.closePath();
  },
};

function polygon(path: Path2D, corners: number, turn: number, radius: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (i * 2 * Math.PI) / corners;
    const x = SIZE / 2 + radius * Math.cos(angle);
    const y = SIZE / 2 + radius * Math.sin(angle);
    if (i === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
  path.closePath();
}

/** Squared distance to the nearest inside or outside pixel, by brute force over a small window: icons are tiny and made once. */
function toSignedDistance(alpha: (x: number, y: number) => boolean): ImageData {
  const image = new ImageData(SIZE, SIZE);
  const reach = 8;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const inside = alpha(x, y);
      let best = reach;
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          if (alpha(x + dx, y + dy) !== inside) best = Math.min(best, Math.hypot(dx, dy));
        }
      }
      const distance = inside ? best - 0.5 : 0.5 - best;
      image.data[(y * SIZE + x) * 4 + 3] = Math.max(0, Math.min(255, 191 + distance * (255 / 8)));
    }
  }
  return image;
}

function drawing(width: number, height: number): CanvasRenderingContext2D | null {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext('2d', { willReadFrequently: true });
}

/** Draws every icon at run time: no sprite file. Shapes are distance fields the layers colour, crew tags are pictures. */
export function addIcons(map: MapLibreMap, theme: Theme): void {
  for (const [name, draw] of Object.entries(SHAPES)) {
    if (map.hasImage(name)) continue;
    const context = drawing(SIZE, SIZE);
    if (context === null) continue;
    const path = new Path2D();
    draw(path);
    context.fill(path);
    const pixels = context.getImageData(0, 0, SIZE, SIZE).data;
    const alpha = (x: number, y: number): boolean =>
      x >= 0 && y >= 0 && x < SIZE && y < SIZE && pixels[(y * SIZE + x) * 4 + 3]! > 127;
    map.addImage(name, toSignedDistance(alpha), { sdf: true, pixelRatio: 2 });
  }
  for (const [look, fill] of Object.entries(crewColours(theme)) as [CrewLook, string][]) {
    addCrewTag(map, `crew-${look}`, fill, MAP_COLOURS[theme].halo, false);
    addCrewTag(map, `crew-${look}-stale`, MAP_COLOURS[theme].halo, fill, true);
  }
}

const TAG_WIDTH = 52;
const TAG_HEIGHT = 40;

/** A rounded tag that stretches with the crew's number; hollow and dashed where its place is not known now. */
function addCrewTag(map: MapLibreMap, name: string, fill: string, edge: string, dashed: boolean): void {
  if (map.hasImage(name)) return;
  const context = drawing(TAG_WIDTH, TAG_HEIGHT);
  if (context === null) return;
  context.beginPath();
  context.roundRect(3, 3, TAG_WIDTH - 6, TAG_HEIGHT - 6, 9);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = edge;
  if (dashed) context.setLineDash([7, 4]);
  context.stroke();
  map.addImage(name, context.getImageData(0, 0, TAG_WIDTH, TAG_HEIGHT), {
    pixelRatio: 2,
    stretchX: [[14, TAG_WIDTH - 14]],
    stretchY: [[14, TAG_HEIGHT - 14]],
    content: [8, 6, TAG_WIDTH - 8, TAG_HEIGHT - 6],
  });
}
