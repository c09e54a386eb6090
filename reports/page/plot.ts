// A place on the page where the script draws a figure, once a reader comes near it.
import { compile, type TopLevelSpec } from 'vega-lite';
import { type Html, html, json } from './html.ts';
import type { PointData } from './point-data.ts';

/** The figure compiled to Vega, with the points that it is to be fed, if any; `label` says what it shows. */
export function plot(kind: string, figure: TopLevelSpec, label: string, points?: PointData): Html {
  return html`<div class="plot ${kind}" role="img" tabindex="0" aria-label="${label}">
<script type="application/json">${json({ spec: compile(figure).spec, points })}</script></div>`;
}
