import base from './jest.config.mjs';
/** Runs the service on real material that is not part of the project; REAL_INPUT names its folder. */
export default { ...base, roots: ['<rootDir>/test/real-input'], testMatch: ['**/*.run.ts'] };
