// What draws WebGL on this machine.

/** Without a GPU the processor draws, and smooth edges more than double the time of a frame. */
export function drawsByProcessor(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  const names = context?.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = context && names ? context.getParameter(names.UNMASKED_RENDERER_WEBGL) : '';
  context?.getExtension('WEBGL_lose_context')?.loseContext(); // a browser allows only a few at a time
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
}
