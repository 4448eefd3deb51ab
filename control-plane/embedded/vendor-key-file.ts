/** Name in the data folder of the key by which whoever runs the product here acts as the vendor. */
export const vendorKeyFileName = 'vendor-key.txt'
