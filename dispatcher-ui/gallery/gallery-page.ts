/** An audience each: their styles are not made to stand beside one another. */
export const GALLERY_PAGES = ['dispatch', 'crew', 'report', 'fleet'] as const;
export type GalleryPage = (typeof GALLERY_PAGES)[number];

export const pathOf = (page: GalleryPage): string => (page === 'dispatch' ? '/gallery' : `/gallery/${page}`);

/** Which page an address is; the dispatch screen's for any other. */
export const galleryPageOf = (path: string): GalleryPage =>
  GALLERY_PAGES.find((page) => path.replace(/\/$/, '') === pathOf(page)) ?? 'dispatch';
