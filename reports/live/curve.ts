// A curve that grows epoch by epoch, drawn small: what has come so far, with the place that is left for the rest.
import type { LiveTraining } from './live-state.ts';

const svg = 'http://www.w3.org/2000/svg';
const [width, height, edge] = [320, 96, 4];

export interface CurveSettings {
  readonly label: string;
  readonly values: readonly number[];
  readonly stages: LiveTraining['stages'];
  readonly logarithmic?: boolean;
}

/** A figure with the highest, lowest and last value; `label` says what they are. */
export function curve({ label, values, stages, logarithmic = false }: CurveSettings): HTMLElement {
  const figure = document.createElement('figure');
  figure.className = 'live-curve';
  const shown = values.map(value => (logarithmic ? (value > 0 ? Math.log10(value) : Number.NaN) : value));
  const finite = shown.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const epochs = stages.reduce((sum, stage) => sum + stage.epochs, 0);
  const x = (epoch: number) => edge + ((width - 2 * edge) * epoch) / Math.max(1, epochs - 1);
  const y = (value: number) =>
    edge + (height - 2 * edge) * (high > low ? (high - value) / (high - low) : 0.5);
  const picture = make('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
  });
  picture.setAttribute(
    'aria-label',
    `${label} of ${values.length} of ${epochs} epochs, now ${numberText(values.at(-1))}`,
  );
  let first = 0;
  for (const { epochs: ofStage } of stages) {
    if (first > 0) picture.append(make('line', { x1: x(first), x2: x(first), y1: 0, y2: height }));
    first += ofStage;
  }
  const points = shown.flatMap((value, epoch) =>
    Number.isFinite(value) ? `${x(epoch).toFixed(1)},${y(value).toFixed(1)}` : [],
  );
  picture.append(make('polyline', { points: points.join(' ') }));
  const caption = document.createElement('figcaption');
  caption.innerHTML = '<span></span> <b></b> <small></small>';
  const [name, now, range] = caption.children;
  name.textContent = label;
  now.textContent = numberText(values.at(-1));
  range.textContent =
    finite.length > 1 ? `from ${numberText(values.find(value => !logarithmic || value > 0))}` : '';
  figure.append(caption, picture);
  return figure;
}

function make(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** Three decimals, or powers of ten where it is small. */
function numberText(value: number | undefined): string {
  if (value === undefined) return '–';
  return Math.abs(value) >= 0.1 || value === 0 ? value.toFixed(3) : value.toExponential(1).replace('-', '−');
}
