// From a Vega-Lite specification to a picture, without a browser.
import { PDFDocument } from 'canvas';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { manyPointsAsPictures, type Scene } from './figures/many-points.ts';

/** The figure as SVG text. A width or height of `container` becomes `containerSize` pixels. */
export function renderSvg(figure: TopLevelSpec, containerSize = 480): Promise<string> {
  return drawn(figure, containerSize, view => view.toSVG());
}

/** The figure as PNG, `scale` pixels to a unit of the figure. */
export function renderPng(figure: TopLevelSpec, scale = 2): Promise<Buffer> {
  return drawn(figure, 480, async view => {
    const canvas = (await view.toCanvas(scale)) as unknown as { toBuffer(type: 'image/png'): Buffer };
    return canvas.toBuffer('image/png');
  });
}

/** The figure as one page of PDF: lines and letters stay lines and letters, fonts go with it. */
export function renderPdf(figure: TopLevelSpec, title: string): Promise<Buffer> {
  return drawn(figure, 480, async view => {
    const canvas = (await view.toCanvas()) as { width: number; height: number }; // as large as it came out
    const pdf = new PDFDocument({ title, creator: 'simcne' });
    const page = pdf.beginPage(canvas.width, canvas.height);
    await view.toCanvas(1, { externalContext: page });
    pdf.endPage();
    return pdf.close();
  });
}

async function drawn<T>(
  figure: TopLevelSpec,
  containerSize: number,
  draw: (view: View) => Promise<T>,
): Promise<T> {
  const view = new View(parse(compile(sized(figure, containerSize)).spec), { renderer: 'none' });
  try {
    await view.runAsync();
    const scene = view.scenegraph() as unknown as { root: Scene }; // the types forget the root
    manyPointsAsPictures(scene.root);
    return await draw(view);
  } finally {
    view.finalize();
  }
}

function sized(figure: TopLevelSpec, containerSize: number): TopLevelSpec {
  const fixed = (side: unknown) => (side === 'container' ? containerSize : side);
  const { width, height } = figure as { width?: unknown; height?: unknown };
  return { ...figure, width: fixed(width), height: fixed(height) } as TopLevelSpec;
}
