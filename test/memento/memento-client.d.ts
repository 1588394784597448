declare module 'memento-client';
