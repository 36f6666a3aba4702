// The style of the theme that the link names is asked for while the program is still on its way. A
// file of its own, because the page's security policy lets no script inside index.html run.
const link = document.createElement('link');
Object.assign(link, { rel: 'preload', as: 'fetch', crossOrigin: '', href: `/styles/${/[#&]theme=day\b/.test(location.hash) ? 'day' : 'night'}.json` });
document.head.append(link);
