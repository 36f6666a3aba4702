// The packages live in web/, which has the one lock file. This file alone says where.
export { defineConfig, expect, test } from '../../web/node_modules/@playwright/test/index.mjs';
