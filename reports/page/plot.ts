// A place on the page where the script draws a figure, once a reader comes near it.
import { compile, type TopLevelSpec } from 'vega-lite';
import { type Html, html, json } from './html.ts';

/** The figure compiled to Vega; `label` says what it shows. */
export function plot(kind: string, figure: TopLevelSpec, label: string): Html {
  return html`<div class="plot ${kind}" role="img" tabindex="0" aria-label="${label}">
<script type="application/json">${json(compile(figure).spec)}</script></div>`;
}
