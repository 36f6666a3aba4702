export * from '../../web/node_modules/@playwright/test/index';
