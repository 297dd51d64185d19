export { receiveOtlp } from "./receive";
