// The one door to MapLibre: draws the composed style, reports where the user looks and what is
// clicked, and asks again for exactly the tiles that a change touched.

import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBounds,
  Map as GlMap,
  prewarm,
  ScaleControl,
  setWorkerUrl,
  VectorTileSource,
  type Point,
  type StyleSpecification,
  type Tile,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { drawsByProcessor } from './graphics';
import type { View } from './app-state';
import { clearOfPanels } from './clear-ground';
import { composeStyle, heatSource, sourceLayer, twinSource, type Choices } from './compose-style';
import { fitCamera } from './fit-camera';
import { mapImage } from './map-icons';
import { under, type Mark, type Picked } from './pick';
import { lightData, lightSource, type Shape } from './place-style';
import { mindTextures } from './tile-textures';
import { intersection, tilesTouching, widened, type Box, type TileId } from './tile-cover';

setWorkerUrl(workerUrl);
prewarm(); // the workers' code comes while the page asks what there is to be drawn

export interface MapListener {
  moved(view: View): void;
  clicked(feature: Picked | null, area: Mark | null): void; // area: one below the drill-down's place
  pointed(area: Mark | null): void;
}

const background = new Set(['district', 'subdistrict', 'community', 'grid', 'estate', 'green', 'water', 'road']);
const maxRefreshedTiles = 160;
const refreshPause_ms = 150;
const failurePause_ms = 5_000;
const wallsPatience_ms = 3_000;
const outline_deg = 0.0002;
export const solidPitch_deg = 48;
const maxPitch_deg = 70;
const iconPixelRatio = 2;
const closestFit = 18.5; // zoom
const flight_ms = 1_100;

export class DistrictMap {
  readonly gl: GlMap;
  #base: StyleSpecification;
  #choices: Choices;
  #hovered: Mark | null = null;
  #chosen: Mark | null = null;
  #lit: Shape | null = null;
  #wallsWait = true;
  #pickable: string[] = []; // ids of style layers
  #dirty: Box[] | 'all' = [];
  #refreshTimer: ReturnType<typeof setTimeout> | undefined;
  #again: Box[] | 'all' = []; // once more when the tiles that are on their way have come
  #failed = new Map<string, TileId[] | 'all'>(); // by source
  #failureTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(container: HTMLElement, base: StyleSpecification, choices: Choices, start: View | Box, listener: MapListener) {
    this.#base = base;
    this.#choices = choices;
    this.gl = new GlMap({
      container,
      style: this.#compose(),
      maxPitch: maxPitch_deg,
      attributionControl: false,
      localIdeographFontFamily: '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif',
      // MapLibre would show a tile out of its own cache without asking whether it still holds; the
      // browser's cache asks (ETag).
      maxTileCacheSize: 0,
      maxCanvasSize: [8192, 8192],
      canvasContextAttributes: { antialias: devicePixelRatio < 1.5 && !drawsByProcessor() },
      ...(isView(start) ? camera(start) : boxCamera(start, container, choices.flat)),
    });
    this.gl.addControl(new AttributionControl({ compact: true, customAttribution: '' }), 'bottom-right');
    this.gl.addControl(new ScaleControl({ maxWidth: 120, unit: 'metric' }), 'bottom-right');
    this.gl.setMissingStyleImageResolver((id) => {
      const image = mapImage(id, iconPixelRatio);
      if (image && !this.gl.hasImage(id)) this.gl.addImage(id, image, { pixelRatio: iconPixelRatio });
    });
    this.gl.on('error', (event) => {
      const { error, sourceId, tile } = event as typeof event & { sourceId?: string; tile?: Tile };
      const isFetch = /fetch|AJAX|Load failed|NetworkError/i.test(String(error));
      if (isFetch && sourceId) this.#retry(sourceId, tile?.tileID?.canonical ?? null);
      else if (!isFetch) console.error(error);
    });
    this.gl.on('style.load', () => {
      this.#setState(this.#chosen, { chosen: true }); // a link chooses before there is a source that could hold it
    });
    this.#raiseWallsTogether();
    this.gl.on('idle', () => {
      const again = this.#again;
      this.#again = [];
      if (again === 'all') this.refresh(null);
      else again.forEach((box) => this.refresh(box));
    });
    this.gl.on('moveend', () => listener.moved(this.view()));
    this.gl.on('click', (event) => {
      const { feature, area } = this.#under(event.point);
      listener.clicked(feature, area);
    });
    this.gl.on('mousemove', (event) => {
      const { feature, area } = this.#under(event.point);
      this.gl.getCanvas().style.cursor = feature || area ? 'pointer' : '';
      this.hover(feature);
      listener.pointed(area);
    });
    this.gl.on('mouseout', () => {
      this.hover(null);
      listener.pointed(null);
    });
  }

  view(): View {
    const { lng, lat } = this.gl.getCenter();
    return { lon: lng, lat, zoom: this.gl.getZoom(), bearing_deg: this.gl.getBearing(), pitch_deg: this.gl.getPitch() };
  }

  /** New choices, or another theme's style document. */
  dress(choices: Choices, base: StyleSpecification = this.#base): void {
    this.#base = base;
    this.#choices = choices;
    this.gl.setStyle(this.#compose(), { diff: true });
  }

  #compose(): StyleSpecification {
    const style = composeStyle(this.#base, { ...this.#choices, lit: this.#lit, wallsWait: this.#wallsWait });
    this.#pickable = style.layers
      .filter((layer) => layer.type !== 'raster' && sourceLayer(layer) && !background.has(sourceLayer(layer) ?? ''))
      .map((layer) => layer.id);
    return style;
  }

  /** At the start each tile that comes makes a frame, and drawing all walls for each of them would take the
   * time that reading the next tile needs: the ground is shown as it comes, the walls when all are here. */
  #raiseWallsTogether(): void {
    const raise = () => {
      clearTimeout(patience);
      this.gl.off('render', look);
      this.#wallsWait = false;
      this.dress(this.#choices);
    };
    const look = () => {
      if (this.gl.getSource(twinSource) && this.gl.isSourceLoaded(twinSource)) raise();
    };
    const patience = setTimeout(raise, wallsPatience_ms);
    this.gl.on('render', look);
  }

  look(view: View): void {
    this.gl.jumpTo(camera(view));
  }

  fly(view: View): void {
    this.gl.flyTo({ ...camera(view), duration: flight_ms });
  }

  fit(box: Box, pace: 'leisure' | 'once' = 'leisure'): void {
    const stand = boxCamera(box, this.gl.getContainer(), this.#choices.flat);
    if (pace === 'once') this.gl.jumpTo(stand);
    else this.gl.flyTo({ ...stand, duration: flight_ms });
  }

  /** To the middle of what no panel covers. */
  goTo(lon: number, lat: number): void {
    const { left_px, right_px, top_px, bottom_px } = clearOfPanels(this.gl.getContainer());
    const offset: [number, number] = [(left_px - right_px) / 2, (top_px - bottom_px) / 2];
    this.gl.flyTo({ center: [lon, lat], offset, zoom: Math.max(this.gl.getZoom(), 17), duration: flight_ms });
  }

  /** Marks one feature as chosen; null unmarks. */
  choose(mark: Mark | null): void {
    this.#dropState(this.#chosen, 'chosen');
    this.#chosen = mark;
    this.#setState(mark, { chosen: true });
  }

  /** Marks one feature as pointed at, on the map or elsewhere on the page; null unmarks. */
  hover(mark: Mark | null): void {
    if (mark?.id === this.#hovered?.id && mark?.layer === this.#hovered?.layer) return;
    this.#dropState(this.#hovered, 'hover');
    this.#hovered = mark ? { layer: mark.layer, id: mark.id } : null;
    this.#setState(this.#hovered, { hover: true });
  }

  /** Lights one area below the drill-down's place; null none. */
  light(area: Shape | null): void {
    this.#lit = area;
    this.gl.getSource<GeoJSONSource>(lightSource)?.setData(lightData(area));
  }

  /** A change inside the box (degrees), or anywhere: asks for the tiles in view that show it. */
  refresh(box: Box | null): void {
    this.#dirty = together(this.#dirty, box ? [box] : 'all');
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = undefined;
      const dirty = this.#dirty;
      this.#dirty = [];
      // MapLibre passes over a tile that is on its way; what comes may be older than the change.
      if (!this.gl.areTilesLoaded()) this.#again = together(this.#again, dirty);
      this.#refreshNow(twinSource, dirty);
    }, refreshPause_ms);
  }

  /** A tile that failed once would stay a hole until someone moves the map; on a wall nobody does. */
  #retry(source: string, tile: TileId | null): void {
    const others = this.#failed.get(source) ?? [];
    this.#failed.set(source, tile && others !== 'all' ? [...others, { z: tile.z, x: tile.x, y: tile.y }] : 'all');
    this.#failureTimer ??= setTimeout(() => {
      this.#failureTimer = undefined;
      const failed = this.#failed;
      this.#failed = new Map();
      for (const [id, tiles] of failed) {
        if (tiles === 'all') this.#refreshNow(id, 'all');
        else if (this.gl.getSource(id)) this.gl.refreshTiles(id, tiles);
      }
    }, failurePause_ms);
  }

  refreshHeat(): void {
    if (this.#choices.heat.on) this.#refreshNow(heatSource, 'all');
  }

  #refreshNow(source: string, dirty: Box[] | 'all'): void {
    const known = this.gl.getSource(source);
    if (!known) return;
    mindTextures(this.gl, known);
    if (known instanceof VectorTileSource && (dirty === 'all' || dirty.some((box) => reachesOut(box, known)))) {
      known.setUrl(known.url); // asks for the TileJSON again too: no tile is asked for outside its bounds
      return;
    }
    if (dirty === 'all') {
      this.gl.refreshTiles(source);
      return;
    }
    const seen = boxOf(this.gl.getBounds());
    const zoom = Math.floor(this.gl.getZoom());
    const zooms = Array.from({ length: 7 }, (_, i) => zoom - 5 + i).filter((z) => z >= 0); // tilted views show lower zooms far away
    for (const box of dirty) {
      const part = intersection(widened(box, outline_deg), seen);
      if (!part) continue;
      const tiles = tilesTouching(part, zooms, maxRefreshedTiles);
      if (tiles) this.gl.refreshTiles(source, tiles);
      else this.gl.refreshTiles(source);
    }
  }

  #under(point: Point): ReturnType<typeof under> {
    if (!this.gl.isStyleLoaded() && !this.gl.getSource(twinSource)) return { feature: null, area: null };
    return under(this.gl, point, this.#pickable);
  }

  #dropState(mark: Mark | null, name: string): void {
    if (mark && this.gl.getSource(twinSource)) this.gl.removeFeatureState({ source: twinSource, sourceLayer: mark.layer, id: mark.id }, name);
  }

  #setState(mark: Mark | null, state: Record<string, boolean>): void {
    if (mark && this.gl.getSource(twinSource)) this.gl.setFeatureState({ source: twinSource, sourceLayer: mark.layer, id: mark.id }, state);
  }
}

const mostDirtyBoxes = 64;

/** Many boxes are no cheaper than all tiles in view. */
function together(some: Box[] | 'all', more: Box[] | 'all'): Box[] | 'all' {
  return some === 'all' || more === 'all' || some.length + more.length > mostDirtyBoxes ? 'all' : [...some, ...more];
}

function reachesOut(box: Box, source: VectorTileSource): boolean {
  const [west, south, east, north] = source.bounds ?? [-180, -90, 180, 90];
  return box[0] < west || box[1] < south || box[2] > east || box[3] > north;
}

function isView(start: View | Box): start is View {
  return 'zoom' in start;
}

function boxCamera(box: Box, container: HTMLElement, flat: boolean) {
  const pitch = flat ? 0 : solidPitch_deg;
  const { lon, lat, zoom } = fitCamera(box, clearOfPanels(container), pitch, closestFit);
  return { center: [lon, lat] as [number, number], zoom, pitch, bearing: 0 };
}

function camera(view: View) {
  return { center: [view.lon, view.lat] as [number, number], zoom: view.zoom, bearing: view.bearing_deg, pitch: view.pitch_deg };
}

function boxOf(box: LngLatBounds): Box {
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
}
