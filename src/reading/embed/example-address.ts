/** The page that the example story's invented publisher has for it: found by this, wherever it is served from. */
export const exampleAddress = 'https://courier.example/harbour/ferry-fire-at-quay-9';
