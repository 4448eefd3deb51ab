/** DynamoDB, "Service, account, and table quotas": item size, names and values together. */
export const ITEM_BYTES_MAX = 400 * 1024
/** DynamoDB: partition key value. */
export const PARTITION_KEY_BYTES_MAX = 2048
/** DynamoDB: sort key value. */
export const SORT_KEY_BYTES_MAX = 1024
/** DynamoDB TransactWriteItems: operations. */
export const TRANSACTION_OPERATIONS_MAX = 100
/** DynamoDB TransactWriteItems: sizes of all items together. */
export const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024
/** DynamoDB Query: data read for one page. */
export const PAGE_BYTES_MAX = 1024 * 1024
/** DynamoDB BatchGetItem: keys. */
export const GET_MANY_KEYS_MAX = 100
/** The port's own: rows a page may ask for. */
export const PAGE_ROWS_MAX = 1000
/** DynamoDB: levels of lists and maps in one attribute. */
export const NESTING_MAX = 32
/** DynamoDB: largest and smallest magnitude of a number. */
export const NUMBER_MAX = 9.99e125
export const NUMBER_MIN = 1e-130
/** DynamoDB: 300 operators and 4 KB in one expression; a test of ours uses up to four and 50 bytes. */
export const CONDITION_TESTS_MAX = 70
/** The port's own: levels of allOf and anyOf in each other. */
export const CONDITION_NESTING_MAX = 10
/** DynamoDB BatchWriteItem: puts of one call. */
export const PUT_MANY_CALL_ITEMS = 25
