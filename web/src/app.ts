// The page: holds the state, and joins the map, the panels and the live stream.

import type { StyleSpecification } from 'maplibre-gl';
import { html, LitElement, nothing } from 'lit';
import * as api from './api';
import type { AppState, AppStore, HeatChoice, Language, Theme } from './app-state';
import { getTops } from './areas';
import type { FeatureCard } from './building-card';
import { colourOf, type Choices } from './compose-style';
import { heatTileUrl, isHeatChoiceValid } from './heat';
import { language, t } from './i18n';
import { pageIcon, type PageIcon } from './icons';
import type { LayerSwitch } from './layers-panel';
import { connectLive, LinkWatch, type Change, type LinkReport, type LiveMessage, type Ticket } from './live';
import { Journey, type BuildingTrail } from './journey';
import { layersOff, switched } from './layer-choice';
import { DistrictMap, solidPitch_deg } from './map';
import type { MapTool } from './map-tools';
import { startBox } from './start-view';
import { parseHash } from './state-in-url';
import { Store } from './store';
import { throttled } from './throttle';
import { TicketLog } from './ticket-log';
import { TicketPulses } from './ticket-pulse';
import { followWindow, isWall, whenIdle } from './wall';
import './area-panel';
import './building-card';
import './heat-panel';
import './layers-panel';
import './legend';
import './map-tools';
import './search-box';
import './status-line';
import './ticket-list';
import './top-bar';

const retry_ms = 3_000;
const arrival_ms = 500;
const ageing_ms = 60_000;
const wordless = new Set(['checkbox', 'radio']); // inputs where letters mean nothing
const sheets: readonly [name: string, icon: PageIcon, title: 'place' | 'layers' | 'heat' | 'tickets'][] = [
  ['area', 'area', 'place'],
  ['layers', 'layers', 'layers'],
  ['heat', 'heat', 'heat'],
  ['tickets', 'ticket', 'tickets'],
];

export class App extends LitElement {
  static override properties = {
    layers: { state: true },
    heatInfo: { state: true },
    summary: { state: true },
    place: { state: true },
    link: { state: true },
    problem: { state: true },
    sheet: { state: true },
  };
  declare layers: api.LayerInfo[];
  declare heatInfo: api.HeatInfo | null;
  declare summary: api.Summary | null;
  declare place: string;
  declare link: LinkReport;
  declare problem: string;
  declare sheet: string;

  /** The map, for whoever drives the page from outside. */
  map: DistrictMap | null = null;
  #store: AppStore = new Store(parseHash(location.hash));
  #journey = new Journey(this.#store, {
    map: () => this.map,
    dress: () => this.map?.dress(this.#choices()),
    redraw: () => this.requestUpdate(),
    follow: (state) => void this.#followLink(state),
  });
  #base: StyleSpecification | null = null;
  #pulses: TicketPulses | null = null;
  #tickets = new TicketLog();
  #arrived: Promise<void> | null = null; // where the link leads, or almost
  #scale = 1; // of the page on a wall
  #watch = new LinkWatch((link) => this.#linkTurned(link));

  constructor() {
    super();
    this.layers = [];
    this.heatInfo = null;
    this.summary = null;
    this.place = '';
    this.link = { state: 'connecting', dataAsOf: null };
    this.problem = '';
    this.sheet = '';
  }

  protected override createRenderRoot(): this {
    return this; // MapLibre's own style sheet must reach the map
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dressPage(this.#store.value);
    this.#store.subscribe((state) => {
      this.#dressPage(state);
      this.requestUpdate();
    });
    addEventListener('keydown', this.#key);
  }

  override firstUpdated(): void {
    connectLive((message) => this.#hear(message));
    this.#askTickets();
    void this.#start();
    setInterval(() => this.#age(), ageing_ms);
    followWindow((scale) => this.#scaled(scale));
    whenIdle(() => this.#rest());
  }

  override render() {
    const state = this.#store.value;
    const { picked } = this.#journey;
    return html`
      <a class="skip" href="#map" @click=${this.#skip}>${t('skip')}</a>
      <mqt-top .place=${this.place} .summary=${this.summary} .theme=${state.theme} .language=${state.language}
        @mqt-language=${(e: CustomEvent<Language>) => this.#store.update({ language: e.detail })}
        @mqt-theme=${(e: CustomEvent<Theme>) => void this.#chooseTheme(e.detail)}></mqt-top>
      <main>
        <div class="map" id="map"></div>
        <div class="left">
          <mqt-search .layerTitles=${new Map(this.layers.map((layer) => [layer.id, [layer.title_zh, layer.title_en]]))}
            @mqt-found=${(e: CustomEvent<api.SearchResult>) => this.#found(e.detail)}></mqt-search>
          ${this.#area()}
        </div>
        <mqt-layers class="flyout" .layers=${this.layers} .off=${this.#off()} .zoom=${state.view?.zoom ?? 0} .colours=${this.#swatches()}
          @mqt-layer=${(e: CustomEvent<LayerSwitch>) => this.#switchLayer(e.detail)}></mqt-layers>
        <mqt-tools class="tools" .flat=${state.flat} .bearing_deg=${state.view?.bearing_deg ?? 0} .showsLayers=${this.sheet === 'layers'}
          @mqt-tool=${(e: CustomEvent<MapTool>) => this.#useTool(e.detail)}></mqt-tools>
        <div class="right">
          <mqt-heat .heat=${state.heat} .info=${this.heatInfo} @mqt-heat=${(e: CustomEvent<HeatChoice>) => this.#chooseHeat(e.detail)}></mqt-heat>
          ${picked
            ? html`<mqt-card .picked=${picked} .info=${this.layers.find(({ id }) => id === picked.layer)}
                @mqt-trail=${(e: CustomEvent<BuildingTrail>) => this.#journey.know(e.detail)}
                @mqt-close-card=${() => this.#journey.pick(null)}></mqt-card>`
            : nothing}
          <mqt-tickets .tickets=${this.#tickets.tickets} @mqt-ticket=${(e: CustomEvent<Ticket>) => this.#goToTicket(e.detail)}></mqt-tickets>
        </div>
      </main>
      <mqt-banner class="banner" .link=${this.link} .problem=${this.problem}></mqt-banner>
      <footer>
        <mqt-legend class="legend" .base=${this.#base} .off=${this.#off()}></mqt-legend>
        <mqt-status class="foot" .link=${this.link}></mqt-status>
      </footer>
      <nav class="sheets" aria-label=${t('panels')}>
        ${sheets.map(
          ([name, icon, title]) => html`
            <button aria-expanded=${this.sheet === name ? 'true' : 'false'} @click=${() => (this.sheet = this.sheet === name ? '' : name)}>
              ${pageIcon(icon)}${t(title)}
            </button>
          `,
        )}
      </nav>
    `;
  }

  #area() {
    const journey = this.#journey;
    return html`
      <mqt-area .place=${journey.report.place} .steps=${journey.steps} .busy=${journey.report.state === 'loading'}
        .failed=${journey.report.state === 'failed'} .lit=${journey.lit}
        @mqt-go=${(e: CustomEvent<number | null>) => journey.go(e.detail)}
        @mqt-up=${() => journey.up()}
        @mqt-building=${(e: CustomEvent<number>) => journey.visit(e.detail)}
        @mqt-light=${(e: CustomEvent<number | null>) => journey.point(e.detail)}></mqt-area>
    `;
  }

  override updated(): void {
    this.dataset['sheet'] = this.sheet;
  }

  async #start(): Promise<void> {
    try {
      const { view } = this.#store.value;
      this.#arrived ??= Promise.race([this.#journey.start(view !== null), after(arrival_ms)]);
      const [layers, base] = await Promise.all([api.getLayers(), this.#getBase(this.#store.value.theme), this.#arrived]);
      this.layers = layers;
      this.#base = base;
      const container = this.querySelector<HTMLElement>('#map');
      if (!container) return;
      const start = view ?? this.#journey.firstLook ?? startBox(layers);
      this.map = new DistrictMap(container, base, this.#choices(), start, {
        moved: (view) => this.#store.update({ view }),
        clicked: (feature, area) => this.#journey.click(feature, area),
        pointed: (area) => this.#journey.point(area?.id ?? null),
      });
      this.#pulses = new TicketPulses(this.map.gl);
      this.#scaled(this.#scale);
      this.map.choose(this.#journey.picked);
      this.#store.update({ view: this.map.view() });
      this.problem = '';
      this.#figures();
      void this.#name();
      if (this.link.state === 'live') void this.#catchUp();
    } catch (error) {
      this.querySelector('#map')?.replaceChildren(); // half a map, where WebGL is missing
      this.problem = error instanceof Error ? error.message : String(error);
      setTimeout(() => void this.#start(), retry_ms);
    }
  }

  #getBase(theme: Theme): Promise<StyleSpecification> {
    return api.getJson<StyleSpecification>(`/styles/${theme}.json`);
  }

  #off(): readonly string[] {
    return layersOff(this.#base, this.#store.value);
  }

  #choices(): Choices {
    const { flat, heat } = this.#store.value;
    return {
      layers: new Set(this.layers.map((layer) => layer.id)),
      off: new Set(this.#off()),
      flat,
      heat: isHeatChoiceValid(heat) ? heat : { ...heat, on: false },
      heatUrl: heatTileUrl(heat, location.origin),
      place: this.#journey.onMap,
    };
  }

  #swatches(): Map<string, string> {
    const base = this.#base;
    return new Map(base ? this.layers.map((layer) => [layer.id, colourOf(base, layer.id)]) : []);
  }

  // ---- choices

  #dressPage(state: AppState): void {
    document.documentElement.dataset['theme'] = state.theme;
    document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
    if (language.value.current !== state.language) language.update({ current: state.language });
    document.title = [t('title'), this.place].filter(Boolean).join(' · ');
  }

  async #followLink(state: AppState): Promise<void> {
    const { theme, view } = this.#store.value;
    this.#store.update({ ...state, view: state.view ?? view });
    if (state.view) this.map?.look(state.view);
    if (state.theme === theme) this.map?.dress(this.#choices());
    else await this.#reloadStyle();
  }

  async #chooseTheme(theme: Theme): Promise<void> {
    this.#store.update({ theme });
    await this.#reloadStyle();
  }

  async #reloadStyle(): Promise<void> {
    const { theme } = this.#store.value;
    const base = await this.#getBase(theme).catch(() => null);
    if (!base || theme !== this.#store.value.theme) return;
    this.#base = base;
    this.map?.dress(this.#choices(), base);
    this.requestUpdate();
  }

  #chooseHeat(heat: HeatChoice): void {
    this.#store.update({ heat });
    if (!heat.on || isHeatChoiceValid(heat)) this.map?.dress(this.#choices());
    if (heat.on) this.#askHeatInfo();
  }

  #switchLayer({ id, on }: LayerSwitch): void {
    this.#store.update(switched(this.#base, this.#store.value, id, on));
    this.map?.dress(this.#choices());
  }

  #useTool(tool: MapTool): void {
    const map = this.map;
    if (!map) return;
    if (tool === 'layers') this.sheet = this.sheet === 'layers' ? '' : 'layers';
    else if (tool === 'zoomIn') map.gl.zoomIn();
    else if (tool === 'zoomOut') map.gl.zoomOut();
    else if (tool === 'north') map.gl.easeTo({ bearing: 0 });
    else if (tool === 'home') this.#goHome(map);
    else {
      const flat = !this.#store.value.flat;
      this.#store.update({ flat });
      map.dress(this.#choices());
      map.gl.easeTo({ pitch: flat ? 0 : solidPitch_deg });
    }
  }

  #scaled(scale: number): void {
    this.#scale = scale;
    this.map?.gl.setPixelRatio(devicePixelRatio * scale);
  }

  /** A wall that somebody left goes back to the overview. */
  #rest(): void {
    const { at, building } = this.#store.value;
    if (!isWall() || !this.map || (at === null && building === null)) return;
    this.#goHome(this.map);
  }

  #goHome(map: DistrictMap): void {
    this.#journey.go(null);
    map.fit(startBox(this.layers));
  }

  #found(hit: api.SearchResult): void {
    const [west, south, east, north] = hit.bbox ?? [hit.lon, hit.lat, hit.lon, hit.lat];
    if (east - west > 0.003 || north - south > 0.003) this.map?.fit([west, south, east, north]);
    else this.map?.goTo(hit.lon, hit.lat);
    this.#journey.pick({ layer: hit.layer, id: hit.id, properties: { name: hit.title } });
  }

  #goToTicket(ticket: Ticket): void {
    if (ticket.lon === null || ticket.lat === null) return;
    this.map?.goTo(ticket.lon, ticket.lat);
    this.#pulses?.show(ticket);
  }

  #skip = (event: Event) => {
    event.preventDefault();
    this.map?.gl.getCanvas().focus();
  };

  #key = (event: KeyboardEvent) => {
    const typing = event.composedPath().some((node) => node instanceof HTMLInputElement && !wordless.has(node.type));
    if (typing) return;
    if (event.key === 'Escape') this.#leave();
    else if (event.key === 'Backspace' || (event.key === 'ArrowUp' && event.altKey)) this.#journey.up();
    else if (event.key === '/') {
      event.preventDefault();
      this.querySelector('mqt-search')?.shadowRoot?.querySelector('input')?.focus();
    }
  };

  /** One thing at a time: the layer list, the card, the place. */
  #leave(): void {
    if (this.sheet) this.sheet = '';
    else if (this.#journey.picked) this.#journey.pick(null);
    else this.#journey.up();
  }

  // ---- what the server tells

  #hear(message: LiveMessage): void {
    this.#watch.hear(message);
    if (message.kind === 'change') this.#changed(message.data);
    else if (message.kind === 'ticket') this.#ticket(message.data);
    else if (message.kind === 'catalog') void this.#reloadCatalog();
    else if (message.kind === 'resync') void this.#reloadAll();
  }

  #linkTurned(link: LinkReport): void {
    const before = this.link.state;
    this.link = link;
    if (link.state !== 'live') return;
    if (before === 'connecting' && this.map) void this.#catchUp();
    if (before === 'lost' || before === 'late') void this.#reloadAll(); // what failed meanwhile
    if (before === 'database') this.#areasMoved(); // the district's name comes out of the database
  }

  /** The page loads without waiting for the stream. What changed between loading and listening shows in
   * the versions of the layers, asked for once the stream is open. */
  async #catchUp(): Promise<void> {
    const loaded = this.layers;
    this.#askTickets();
    const [layers, summary] = await Promise.all([api.getLayers(), api.getSummary()]).catch(() => [null, null]);
    if (!layers || !summary) void this.#reloadAll();
    else if (versions(layers) !== versions(loaded)) void this.#reloadCatalog();
    if (summary && this.summary && (summary.tickets_total !== this.summary.tickets_total || summary.tickets_open !== this.summary.tickets_open)) this.#ticketsMoved();
    this.summary = summary ?? this.summary;
  }

  #changed(change: Change): void {
    if (change.layer === 'ticket') {
      this.#askTickets();
      this.#ticketsMoved();
      return;
    }
    this.map?.refresh(change.reload ? null : change.bbox);
    this.#layersMoved();
    if (change.layer === 'district') this.#areasMoved();
    const { picked } = this.#journey;
    if (picked?.layer === change.layer && (change.reload || change.features.includes(picked.id))) this.#reloadCard();
  }

  #ticket(ticket: Ticket): void {
    const isNew = this.#tickets.hear(ticket);
    this.requestUpdate();
    if (isNew) this.#pulses?.show(ticket);
    else if (ticket.op === 'delete') this.#pulses?.remove(ticket.id);
    this.#ticketsMoved();
    const { picked } = this.#journey;
    if (picked?.layer === 'building' && (ticket.op === 'delete' || ticket.building_id === picked.id)) this.#reloadCard();
  }

  #ticketsMoved = throttled(1_000, () => {
    this.map?.refreshHeat();
    this.#askSummary();
    this.#journey.refresh();
    if (this.#store.value.heat.on) this.#askHeatInfo();
  });

  #layersMoved = throttled(2_000, () => {
    void api.getLayers().then(
      (layers) => (this.layers = layers),
      () => undefined,
    );
    this.#askSummary();
    this.#journey.refresh();
  });

  #reloadCard = throttled(500, () => void this.querySelector<FeatureCard>('mqt-card')?.reload());

  async #reloadCatalog(): Promise<void> {
    const layers = await api.getLayers().catch(() => null);
    if (!layers) return;
    this.layers = layers;
    await this.#reloadStyle();
    this.#areasMoved();
    this.map?.refresh(null); // a layer that came late is not in the tiles that are here
  }

  async #reloadAll(): Promise<void> {
    this.#askTickets();
    await this.#reloadCatalog();
    this.map?.refreshHeat();
    this.#figures();
    this.#reloadCard();
  }

  #figures(): void {
    this.#askSummary();
    this.#journey.refresh();
    if (this.#store.value.heat.on) this.#askHeatInfo();
  }

  #askTickets = throttled(1_000, () => {
    void this.#tickets.fill(api.getNewestTickets).then(
      () => this.requestUpdate(),
      () => undefined, // the list stays as it was; news goes on top of it
    );
  });

  /** A window that ends now moves on, also where no ticket comes in for hours. */
  #age(): void {
    const { on, window } = this.#store.value.heat;
    if (on && window !== 'all' && window !== 'range') this.map?.refreshHeat();
  }

  #askSummary = throttled(1_000, () => {
    void api.getSummary().then(
      (summary) => (this.summary = summary),
      () => undefined, // the figures stay as they were; the banner says why
    );
  });

  #askHeatInfo = throttled(1_000, () => {
    void api.getHeatInfo().then(
      (info) => (this.heatInfo = info),
      () => undefined,
    );
  });

  /** The page bears the name of its district, where there is one. */
  async #name(): Promise<void> {
    const tops = await getTops().catch(() => null);
    if (!tops) return;
    this.place = tops.children.length === 1 ? (tops.children[0]?.name ?? '') : '';
    this.#dressPage(this.#store.value);
  }

  #areasMoved = throttled(2_000, () => {
    void this.#name();
    this.#journey.survey();
  });
}

const after = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function versions(layers: readonly api.LayerInfo[]): string {
  return layers.map(({ id, version }) => `${id} ${version}`).join();
}

customElements.define('mqt-app', App);
