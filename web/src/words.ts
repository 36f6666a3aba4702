// Codes that the data carries, in words. A code that is not listed is shown as it is.

import { either } from './i18n';

type Word = readonly [zh: string, en: string];

const categories: Record<string, Word> = {
  heating: ['供暖', 'Heating'],
  water: ['供水排水', 'Water and drains'],
  leak: ['房屋漏水', 'Leaks'],
  power: ['电力', 'Power'],
  gas: ['燃气', 'Gas'],
  lift: ['电梯', 'Lifts'],
  parking: ['停车管理', 'Parking'],
  sanitation: ['环境卫生', 'Cleanliness'],
  noise: ['噪音扰民', 'Noise'],
  property: ['物业服务', 'Property company'],
  illegal_construction: ['违法建设', 'Illegal construction'],
  street_order: ['市容秩序', 'Street order'],
  road: ['道路设施', 'Roads and lamps'],
  flooding: ['积水内涝', 'Flooding'],
  greening: ['绿化养护', 'Trees and greens'],
  fire_safety: ['消防安全', 'Fire safety'],
  pets: ['宠物管理', 'Pets'],
  neighbours: ['邻里纠纷', 'Neighbours'],
  care: ['养老助残', 'Care and access'],
  advice: ['政策咨询', 'Advice'],
  other: ['其他', 'Other'],
};

const channels: Record<string, Word> = {
  hotline: ['12345 热线', 'Hotline 12345'],
  mini_program: ['小程序', 'Mini program'],
  property: ['物业', 'Property company'],
  patrol: ['日巡查', 'Patrol'],
  visit: ['走访', 'Visit'],
  residents_day: ['接待日', "Residents' day"],
  opinion_box: ['意见箱', 'Opinion box'],
  qr_code: ['二维码', 'QR code'],
  camera: ['摄像头', 'Camera'],
  sensor: ['感知设备', 'Sensor'],
  import: ['导入', 'Imported'],
  other: ['其他', 'Other'],
};

const statuses: Record<string, Word> = {
  received: ['已接收', 'Received'],
  filed: ['已立案', 'Filed'],
  dispatched: ['已派单', 'Dispatched'],
  in_progress: ['办理中', 'In progress'],
  fed_back: ['已反馈', 'Fed back'],
  checked: ['已核查', 'Checked'],
  closed: ['已办结', 'Closed'],
  returned: ['已退回', 'Returned'],
  suspended: ['挂账', 'Suspended'],
};

const uses: Record<string, Word> = {
  residential: ['住宅', 'Residential'],
  commercial: ['商业', 'Commercial'],
  mixed: ['商住', 'Shops and homes'],
  office: ['办公', 'Office'],
  education: ['教育', 'Education'],
  medical: ['医疗', 'Medical'],
  auxiliary: ['配套', 'Auxiliary'],
  utilities: ['市政', 'Utilities'],
  garden: ['园林', 'Garden'],
  industrial: ['工业', 'Industrial'],
  other: ['其他', 'Other'],
};

const facilityKinds: Record<string, Word> = {
  bank: ['银行', 'Bank'],
  bike_shed: ['自行车棚', 'Bike shed'],
  bin: ['垃圾分类投放点', 'Bin point'],
  bus_stop: ['公交站', 'Bus stop'],
  canteen: ['社区食堂', 'Community canteen'],
  care_centre: ['养老服务中心', 'Care centre'],
  charging_post: ['充电桩', 'Charging post'],
  clinic: ['社区卫生服务站', 'Clinic'],
  community_office: ['社区居委会', 'Community office'],
  fire_station: ['消防站', 'Fire station'],
  gym: ['健身场所', 'Gym'],
  hospital: ['医院', 'Hospital'],
  hotel: ['宾馆', 'Hotel'],
  kindergarten: ['幼儿园', 'Kindergarten'],
  library: ['图书馆', 'Library'],
  market: ['菜市场', 'Market'],
  metro: ['地铁站', 'Metro station'],
  park: ['公园', 'Park'],
  parcel: ['快递驿站', 'Parcel station'],
  parking: ['停车场', 'Car park'],
  pharmacy: ['药店', 'Pharmacy'],
  police: ['派出所', 'Police station'],
  post: ['邮局', 'Post office'],
  property_office: ['物业服务中心', 'Property office'],
  restaurant: ['餐馆', 'Restaurant'],
  school: ['学校', 'School'],
  service_station: ['党群服务中心', 'Service station'],
  shop: ['商铺', 'Shop'],
  supermarket: ['超市', 'Supermarket'],
  toilet: ['公共厕所', 'Public toilet'],
  other: ['其他设施', 'Facility'],
};

// Files name categories and uses in Chinese; those words are looked up as well as the codes.
function word(table: Record<string, Word>, code: string): string {
  const found = Object.hasOwn(table, code) ? table[code] : Object.values(table).find(([zh]) => zh === code);
  return found ? either(found[0], found[1]) : code;
}

export const category = (code: string) => word(categories, code);
export const channel = (code: string) => word(channels, code);
export const status = (code: string) => word(statuses, code);
export const use = (code: string) => word(uses, code);
export const facilityKind = (code: string) => word(facilityKinds, code);
