export { importUrlRun } from "./run-import-url";
export { followDelivery } from "./sources/follow-delivery";
export { takeOverOwnCommit } from "./sources/own-repository";
export { enqueueDueLocations, readLocation, readRepositoryOrWait } from "./sources/read-location";
export { removeGoneEntities } from "./sources/tend";
