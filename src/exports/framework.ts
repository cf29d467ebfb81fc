/** `jarcast/framework`: the parts that `createFramework` is wired from, to wire a framework of one's own. */
export { frameworkInfoOf } from '../framework/framework-info.ts'
export { toSettings } from '../framework/options.ts'
export type { FrameworkSettings } from '../framework/options.ts'
export { createPerformer } from '../framework/performer.ts'
export type { DeliveryServer, PerformerOptions } from '../framework/performer.ts'
export { deliveryServerOf, prepareShipment } from '../framework/shipment.ts'
export type { Shipment } from '../framework/shipment.ts'
