// Where one's own images can be put into an embedding: by a served page itself, else by the command that is named here.
import type { EmbeddedCell } from '../figures/embedding.ts';
import { type Html, html } from './html.ts';

/** The part below the explorer; its controls show where `simcne serve` is behind the page. */
export function newImages({ address, method, status }: EmbeddedCell, experiment: string): Html {
  const isTrained = method === 't-simcne' || method === 'simclr-tsne';
  if (!isTrained || status !== 'done') return html``;
  return html`<div class="new-images"><h2>Your own images</h2>
<div class="served">
<p class="hint">${
    method === 't-simcne'
      ? 'Drop images on the embedding, and see where the network puts what it has never seen.'
      : html`Drop images on the embedding. t-SNE has no place for an image that it has not seen: each is put
at the median of its nearest neighbours in feature space.`
  }</p>
<p class="buttons"><label class="button">Choose images…<input type="file" name="images" accept="image/*,.tif,.tiff,.dcm" multiple></label>
<button type="button" data-do="remove-images" hidden>Remove</button></p>
<p class="problem" role="alert"></p>
<ol class="new-list"></ol>
</div>
<div class="unserved"><p class="hint">${
    method === 't-simcne'
      ? html`To see where this network puts images that it has never seen, open this page by <code>simcne serve ${experiment}</code> and drop
them on the embedding; or get their places as numbers:
<code>simcne embed --cell ${experiment}/${address} --images FOLDER --output places.npy</code>`
      : html`To see which images are like yours, open this page by <code>simcne serve ${experiment}</code> and drop them on the embedding.`
  }</p></div>
</div>`;
}
