// Kinds of facility: which family of colours each belongs to, and from which zoom on it is shown.

export const families = {
  care: ['canteen', 'care_centre', 'park', 'gym'],
  learn: ['school', 'kindergarten', 'library', 'bus_stop', 'metro', 'parking'],
  health: ['hospital', 'clinic', 'pharmacy', 'fire_station'],
  trade: ['shop', 'market', 'supermarket', 'restaurant', 'hotel', 'bank', 'post', 'parcel'],
  service: ['bin', 'charging_post', 'bike_shed', 'toilet', 'property_office'],
  civic: ['police', 'community_office', 'service_station'],
};

// What people find their way by comes first, what stands at every corner last.
const landmarks = ['hospital', 'school', 'metro', 'police', 'fire_station', 'library', 'care_centre', 'community_office', 'service_station'];
const daily = ['clinic', 'canteen', 'kindergarten', 'market', 'supermarket', 'post', 'park', 'hotel', 'bank', 'bus_stop', 'parking', 'toilet', 'pharmacy'];

// What belongs to each house and is called after it.
const fixtures = ['bin', 'charging_post', 'bike_shed'];

/** A value by rank: of landmarks, of what one needs daily, of all others, of fixtures. */
export const byRank = (landmark, everyday, other, fixture = other) =>
  ['match', ['get', 'kind'], landmarks, landmark, daily, everyday, fixtures, fixture, other];

/** A value by family; other is that of kinds nobody has listed. */
export function byFamily(valueOf) {
  const branches = Object.entries(families).flatMap(([family, kinds]) => [kinds, valueOf(family)]);
  return ['match', ['get', 'kind'], ...branches, valueOf('civic')];
}
