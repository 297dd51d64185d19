export { default } from "../(portal)/layout";
