/** The text of the Use screen. */
import { plural } from '../../shared/text/format.ts';

/** The text of live-camera.vue. */
export const liveCameraText = {
  liveCamera: 'Live camera',
  holdSomethingBeforeThe: 'Hold something in front of the camera.',
  tryAgain: 'Try again',
  keepThisPhoto: 'Keep this photo',
  explain: 'Explain',
  resume: 'Resume',
  holdStill: 'Hold still',
  close: 'Close',
  dontKnow: 'I don’t know.',
  msAPhoto: (took: string | number): string => `${took} ms a photo`,
};

/** The text of screen.vue. */
export const screenText = {
  use: 'Use',
  dropPhotosAndSee: 'Drop photos and see what the network says',
  runToUse: 'Run to use',
  camera: 'Camera',
  choosePhotos: 'Choose photos',
  sortFolder: 'Sort a folder',
  noTrainedNetworkYet: 'No trained network yet',
  trainOneThenDrop: 'Train one, then drop any photo here to see which class it belongs to.',
  goToTrain: 'Go to Train',
  predictThesePhotos: 'Predict these photos',
  predicting: 'Predicting',
  lookingAt: (working: string | number): string => `Looking at ${working}`,
  sent: (sent: string | number): string => `(${sent} sent)`,
  predictedOf: (done: string, total: string): string => `(${done} of ${total} predicted)`,
  cancel: 'Cancel',
  photos: (photos: number): string => plural(photos, 'photo'),
  ofTestImagesRight: (right: string | number, judged: string | number): string =>
    `· ${right} of ${judged} test images right`,
  by: (run: string | number): string => `by ${run}`,
  moreTestImages: 'More test images',
  csv: 'CSV',
  clear: 'Clear',
  showMoreLeft: (shown: string | number): string => `Show more (${shown} left)`,
  dropPhotosHere: 'Drop photos here',
  tells: (run: string | number, value: string | number): string => `${run} tells ${value}`,
  andMore: (classes: string | number): string => `and ${classes} more`,
  apartItWillName: 'apart. It names one of them whatever the photo shows. Paste a copied image with Ctrl+V.',
  apartOrUnknown:
    'apart, and says “I don’t know” of a photo unlike those it was trained on. Paste a copied image with Ctrl+V.',
  dontKnow: 'I don’t know.',
  useTheCamera: 'Use the camera',
  tryTestImages: (images: number): string => `Try ${plural(images, 'test image')}`,
  pastedPictures: (pictures: string | number): string => `${pictures} pasted pictures`,
  cameraOnOrOff: 'Camera on or off',
  predictTheCopiedPicture: 'Predict the copied picture',
  inAll: (predictions: number): string => ` ${plural(predictions, 'prediction')} in all.`,
};

/** The text of prediction-actions.vue and card-actions.ts. */
export const cardActionsText = {
  heatmap: 'Heatmap',
  addToClass: 'Add to…',
  addToClassTitle: 'Copy this photo into the project, as training material for the next run',
  addedTo: (name: string): string => `Added to ${name}`,
  notThere: (image: string): string => `${image} is not there any more`,
};

/** The text of photo-enlarged.vue. */
export const photoEnlargedText = {
  enlarged: (image: string): string => `${image}, enlarged`,
  allPredictions: 'All predictions',
  photo: 'photo',
};

/** The text of store.ts. */
export const storeText = {
  testImages: 'test images',
};
