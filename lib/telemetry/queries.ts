export { environmentToken } from "./environment-token";
