// The paper's class colours, and what becomes of those that a dark background would swallow.

const darkBackgroundLuminance = 0.012; // of the page's dark colour
const leastContrast = 3; // WCAG 2.2, 1.4.11: graphical objects

/**
 * The colour itself where it can be told from a dark background; else mixed with white until it can. A grey is mirrored
 * instead, black to white: mixed, it would come too close to the classes that are grey.
 */
export function colourOnDark(colour: string): string {
  const channels = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)?.slice(1);
  if (!channels) return colour;
  let rgb = channels.map(hex => Number.parseInt(hex, 16));
  const isGrey = Math.max(...rgb) - Math.min(...rgb) < 16;
  while (contrastOnDark(rgb) < leastContrast) {
    rgb = rgb.map(value => (isGrey ? 255 - value : Math.ceil(value + (255 - value) * 0.1)));
  }
  return `#${rgb.map(value => value.toString(16).padStart(2, '0')).join('')}`;
}

function contrastOnDark(rgb: number[]): number {
  return (luminance(rgb) + 0.05) / (darkBackgroundLuminance + 0.05);
}

/** Relative luminance of 0…255 sRGB (WCAG 2.2). */
function luminance(rgb: number[]): number {
  const [red, green, blue] = rgb.map(value => {
    const unit = value / 255;
    return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
