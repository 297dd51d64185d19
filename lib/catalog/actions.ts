"use server";
import { action } from "@/lib/core/action";
import * as mutations from "./mutations";
import * as queries from "./queries";

export const importEntities = action(mutations.importEntities, { revalidate: ["/"] });
export const saveEntity = action(mutations.saveEntity, { revalidate: ["/catalog"] });
export const deleteEntity = action(mutations.deleteEntity, { revalidate: ["/"] });
export const keepGoneEntity = action(mutations.keepGoneEntity, { revalidate: ["/catalog"] });
export const confirmEntity = action(mutations.confirmEntity, { revalidate: ["/catalog"] });
export const addLocation = action(mutations.addLocation, { revalidate: ["/catalog"] });
export const readLocationAgain = action(mutations.readLocationAgain, { revalidate: ["/catalog/sources"] });
export const removeLocation = action(mutations.removeLocation, { revalidate: ["/catalog"] });
export const checkEntities = action(queries.checkEntities);
export const starEntity = action(mutations.starEntity, { revalidate: ["/"] });
export const saveView = action(mutations.saveView, { revalidate: ["/catalog"] });
export const deleteView = action(mutations.deleteView, { revalidate: ["/catalog"] });
