// Pictures of tiles on the graphics card. MapLibre draws a raster tile that is asked for again into a new
// texture and forgets the old one, which stays until the garbage collector, who does not see the card's
// memory, happens to come by. On a wall whose heat is renewed each second that is a gigabyte an hour.

import { RasterTileSource, type Map as GlMap, type Source } from 'maplibre-gl';

const minded = new WeakSet<Source>();

/** From now on a tile of the source gives its old texture back when it gets a new one. */
export function mindTextures(gl: GlMap, source: Source): void {
  if (!(source instanceof RasterTileSource) || minded.has(source)) return;
  minded.add(source);
  const load = source.loadTile.bind(source);
  source.loadTile = async (tile) => {
    const before = tile.texture;
    await load(tile);
    if (before && before !== tile.texture) gl.painter.saveTileTexture(before);
  };
}
