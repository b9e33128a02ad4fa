/** The text of this feature. */
import { bytes, count, plural } from '../../shared/text/format.ts';

/** The text of `camera-dialog.vue`. */
export const cameraDialogText = {
  camera: 'Camera',
  description:
    'Choose a class and hold Space. Take several short bursts of each class: photos of one burst stay together in the split.',
  photos: (total: number): string => plural(total, 'photo'),
  noClass: 'no class',
  photosSecond: 'Photos per second',
  explanation:
    'What you take appears here. Turn the object, change the light and the background: the network should learn the object, not the wall behind it.',
  undoLastBurst: 'Undo the last burst',
};

/** The text of `capture-menu.vue`. */
export const captureMenuText = {
  camera: 'Camera',
  moreWaysToBringPhotos: 'More ways to add photos',
  openCamera: 'Camera…',
  framesOfVideo: 'Frames of a video…',
  webAddresses: 'Web addresses…',
};

/** The text of `address-list.vue`. */
export const addressListText = {
  addresses: 'Addresses',
  of: (came: number, total: number): string => `${bytes(came)} of ${bytes(total)}`,
};

/** The text of `burst-strip.vue`. */
export const burstStripText = {
  burstsTaken: 'Bursts taken',
  noClass: 'No class',
  photos: (taken: number): string => plural(taken, 'photo'),
  notImported: 'not imported',
  leftOut: 'left out',
};

/** The text of `class-choice.vue`. */
export const classChoiceText = {
  classLabel: 'Class',
  newLabel: 'new',
  noClassLabelLater: 'No class, label later',
  newClass: 'New class',
  nameOfNewClass: 'Name of a new class',
  addClass: 'Add the class',
  addNamedClass: (trim: string): string => `Add the class ${trim}`,
  explanation: (value: number): string =>
    `Enter what the photos show; ${plural(value, 'class', 'classes')} or more are needed to train.`,
};

/** The text of `shutter-button.vue`. */
export const shutterButtonText = {
  taken: (taken: number): string => `${taken} taken`,
  holdToTakePhotos: 'Hold to take photos',
  space: 'Space',
};

/** The text of `video-dialog.vue`. */
export const videoDialogText = {
  framesOfVideo: 'Frames of a video',
  videoOfOneAfterOther: (place: number, files: number): string =>
    `Video ${place} of ${files}, one after the other.`,
  explanation: 'The photos are being imported; take frames of a video to add it.',
  video: (name: string): string => `The video ${name}`,
  opening: (name: string): string => `Opening ${name}`,
  fromWhereToWhereIn: 'From where to where, in seconds',
  beginHere: 'Start here',
  endHere: 'End here',
  howMany: 'How many',
  countedIn: 'Counted in',
  importing: 'Importing',
  importingNow: 'Importing…',
  framesTaken: 'Frames taken',
  of: (done: number, total: number): string => `${count(done)} of ${count(total)}`,
  cancel: 'Cancel',
  withoutClass: 'without a class',
  inLabel: (label: string): string => `in ${label}`,
  theyStayTogetherInEvery: (frames: number, value: string): string =>
    `${plural(frames, 'frame')} ${value}. They stay together in every split.`,
  next: (name: string): string => `Next: ${name}`,
  done: 'Done',
  ofPixels: (frames: number, width: number, height: number): string =>
    `${plural(frames, 'frame')} of ${width}×${height} pixels`,
  sameScene: '· this is a lot of the same scene: fewer frames from more videos are more useful',
  take: (frames: number): string => `Take ${plural(frames, 'frame')}`,
  framesSecond: 'frames per second',
  secondsApart: 'seconds apart',
};

/** The text of `web-dialog.vue`. */
export const webDialogText = {
  photosFromWebAddresses: 'Photos from web addresses',
  description: 'Only these addresses are fetched, once, and the photos are stored in the project.',
  httpsCatJpg: 'https://…/cat.jpg',
  addressesOfPhotos: 'Addresses of photos, one per line',
  explanation: 'The address of the image itself: right-click it, “Copy image address”. One per line.',
  leftAsideNoWebAddress: (join: string): string => `Skipped, not a web address: ${join}`,
  andMore: (others: number): string => `and ${others} more`,
  importing: 'Importing',
  fetching: 'Fetching',
  importingNow: 'Importing…',
  cancel: 'Cancel',
  withoutClass: 'without a class',
  into: (label: string): string => `into ${label}`,
  fetched: (fetched: number, value: string): string => `${plural(fetched, 'photo')} fetched ${value}`,
  failed: (failed: number): string => `, ${failed} failed`,
  changeFailed: 'Change the failed',
  done: 'Done',
  atMostAddressesAtTime: (maxAddresses: number): string => `At most ${maxAddresses} addresses at a time.`,
  lensletWillAsk: (join: string): string => `Lenslet will contact ${join}`,
  andMoreServers: (hosts: number): string => `and ${hosts} more servers`,
  addressVisible: '; they see the address of this computer.',
  fetch: (addresses: number): string => `Fetch ${plural(addresses, 'photo')}`,
};

/** The text of `use-capture.ts`. */
export const useCaptureText = {
  chooseHowManyFramesTo: (files: number): string =>
    `${plural(files, 'video')}: choose how many frames to take.`,
  pastedFiles: (files: number): string => `${files} pasted files`,
  toPhotosWithoutClass: 'to the photos without a class',
  toClassThatIsShown: (into: string): string => `to ${into}, the class that is shown`,
  pasted: (added: number, where: string): string => `Pasted ${plural(added, 'image')} ${where}`,
  isKnown: 'This image is in the project already',
  isNotAnImage: 'The pasted content is not an image',
  addPhotos: 'Add photos',
  camera: 'Camera',
  addCopiedImageOrFetch: 'Add the copied image, or fetch a copied web address',
};

/** The text of `use-bursts.ts`. */
export const useBurstsText = {
  camera: 'the camera',
  withoutClass: 'without a class',
  inLabel: (label: string): string => `in ${label}`,
  outcome: (sent: number, value: string): string => `${plural(sent, 'photo')} ${value}.`,
  leftOut: (sent: number): string => `${plural(sent, 'photo')} left out.`,
};

/** The text of `use-web-photos.ts`. */
export const useWebPhotosText = {
  failed: (failed: number): string => `, ${failed} failed`,
  fetched: (came: number, value: string): string => `${plural(came, 'photo')} fetched${value}.`,
};

/** The text of `use-video.ts`. */
export const useVideoText = {
  of: (times: number, name: string): string => `${plural(times, 'frame')} of ${name}`,
  withoutClass: 'without a class',
  inLabel: (label: string): string => `in ${label}`,
  outcome: (frames: number, value: string): string => `${plural(frames, 'frame')} ${value}.`,
  cancelledNoFrameWasKept: 'Cancelled. No frame was kept.',
};
