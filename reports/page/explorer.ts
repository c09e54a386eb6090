// The explorer as it stands in a cell's page before its script wakes it up.
import { rootFrom } from '../anchor.ts';
import type { EmbeddedCell } from '../figures/embedding.ts';
import { type Html, html } from './html.ts';
import { newImages } from './new-images.ts';

/** Canvas, tools, legend, and places for an image and for a selection. `label` says what the canvas shows. */
export function explorer(cell: EmbeddedCell, experiment: string, label: string): Html {
  const { address } = cell;
  return html`<section class="explorer" aria-label="Embedding" data-address="${address}" data-root="${rootFrom(address)}">
<div class="tools">
<label>Colour <select name="colouring">
<option value="class">class</option>
<option value="error">kNN error</option>
<option value="silhouette">silhouette</option>
<option value="density">density</option>
</select></label>
<label><input type="checkbox" name="safe"> colour-blind safe</label>
<span class="buttons">
<button type="button" data-do="lasso" aria-pressed="false" title="Select by drawing (L, or Shift and drag)">Lasso</button>
<button type="button" data-do="zoom-in" aria-label="Zoom in" title="Zoom in (+)">+</button>
<button type="button" data-do="zoom-out" aria-label="Zoom out" title="Zoom out (−)">−</button>
<button type="button" data-do="whole" title="The whole embedding (0)">Whole</button>
</span>
<form role="search"><label>Find <input type="search" name="query" autocomplete="off"
placeholder="12, 40-60, or a class" title="Numbers of images, ranges, names of classes; of your own images also files and columns (/)"></label>
<span class="problem" role="status"></span></form>
</div>
<div class="stage">
<div class="frame"><canvas tabindex="0" role="application" aria-roledescription="scatter plot" aria-label="${label}"
aria-describedby="keys"></canvas><p class="no-canvas" hidden></p></div>
<div class="side">
<h2 class="hidden">Legend</h2>
<div class="legend-place"></div>
<h2>Image</h2>
<div class="card-place"><p class="hint">Point at the embedding.</p></div>
<h2>Selection</h2>
<div class="selection-place"></div>
</div>
</div>
<p class="note" id="keys">Drag to move, scroll to zoom, Shift and drag for a lasso, click for one image. Keys: arrows, <kbd>+</kbd>,
<kbd>−</kbd>, <kbd>0</kbd> for the whole, <kbd>L</kbd> for the lasso, <kbd>.</kbd> and <kbd>,</kbd> for the next and previous image,
<kbd>Esc</kbd> to clear, <kbd>/</kbd> to find.</p>
<p class="hidden" aria-live="polite"></p>
${newImages(cell, experiment)}
</section>`;
}
