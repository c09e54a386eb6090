// Draws a report's figures when a reader comes near them. Runs in the browser, after Vega's own script.
(() => {
  const { parse, View } = globalThis.vega;
  const darkScheme = matchMedia('(prefers-color-scheme: dark)');
  const tip = document.getElementById('tip');
  const drawn = new Map(); // plot element → its view
  const waiting = new Set();

  const nearby = new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) wait(target);
        else waiting.delete(target);
      }
    },
    { rootMargin: '400px' },
  );

  /** One figure at a time, so that scrolling stays smooth. */
  function wait(plot) {
    if (waiting.size === 0) setTimeout(drawNext);
    waiting.add(plot);
  }

  async function drawNext() {
    const [plot] = waiting;
    if (!plot) return;
    nearby.unobserve(plot);
    await draw(plot);
    waiting.delete(plot);
    if (waiting.size > 0) setTimeout(drawNext);
  }

  async function draw(plot) {
    drawn.get(plot)?.finalize();
    const spec = JSON.parse(plot.querySelector('script').textContent);
    let surface = plot.querySelector('.surface');
    if (!surface) {
      surface = plot.appendChild(document.createElement('div'));
      surface.className = 'surface';
    }
    surface.replaceChildren();
    const view = new View(parse(spec, theme()), { renderer: 'canvas', container: surface, hover: true });
    if (spec.signals?.some(({ name }) => name === 'dark')) view.signal('dark', darkScheme.matches);
    view.tooltip(showTip);
    await view.runAsync();
    surface.ariaHidden = 'true'; // the plot's label says what it shows
    drawn.set(plot, view);
    plot.dataset.drawn = 'true';
  }

  /** Vega's text and axes in the page's own colours. */
  function theme() {
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const font = style.fontFamily;
    const text = { font, fontSize: 11, fontWeight: 'normal', fill: colour('--muted') };
    const title = { font, color: colour('--muted') };
    return {
      title,
      style: { 'guide-label': text, 'guide-title': text },
      axis: { gridColor: colour('--rule'), domainColor: colour('--rule'), tickColor: colour('--rule') },
    };
  }

  function showTip(_handler, event, _item, value) {
    tip.hidden = !value;
    if (!value) return;
    const lines = Object.entries(value).map(([name, text]) => `${name} ${text}`);
    tip.textContent = lines.join('\n');
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - width - 8)}px`;
    tip.style.top = `${Math.min(event.clientY + 14, innerHeight - height - 8)}px`;
  }

  darkScheme.addEventListener('change', () => {
    for (const plot of drawn.keys()) draw(plot);
  });
  addEventListener('beforeprint', () => {
    for (const plot of document.querySelectorAll('.plot:not([data-drawn])')) draw(plot);
  });
  for (const plot of document.querySelectorAll('.plot')) nearby.observe(plot);
})();
