// From a Vega-Lite specification to a picture, without a browser.
import sharp from 'sharp';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** The figure as SVG text. A width or height of `container` becomes `containerSize` pixels. */
export async function renderSvg(figure: TopLevelSpec, containerSize = 480): Promise<string> {
  const view = new View(parse(compile(sized(figure, containerSize)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The figure as PNG, `scale` pixels to a unit of the figure. */
export async function renderPng(figure: TopLevelSpec, scale = 2): Promise<Buffer> {
  const svg = Buffer.from(await renderSvg(figure));
  return sharp(svg, { density: 72 * scale, limitInputPixels: false, unlimited: true })
    .png()
    .toBuffer();
}

function sized(figure: TopLevelSpec, containerSize: number): TopLevelSpec {
  const fixed = (side: unknown) => (side === 'container' ? containerSize : side);
  const { width, height } = figure as { width?: unknown; height?: unknown };
  return { ...figure, width: fixed(width), height: fixed(height) } as TopLevelSpec;
}
