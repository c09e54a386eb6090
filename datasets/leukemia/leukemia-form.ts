// What is found of the leukemia images in an archive, whichever of the two forms it has.
export interface LeukemiaForm {
  /** In the order of the annotations. */
  readonly labels: Int32Array;
  /** Names of the members in that order, a TIFF file each; or of the one HDF5 file that holds all images. */
  readonly images: readonly string[] | { readonly hdf5: string };
  /** Height and width in pixels. */
  readonly size: number;
}
