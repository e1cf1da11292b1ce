//! The class Collection, for private and for shared collections. Functions that change a shared
//! collection put themselves between `Use` and `End use`. `Source: API/CollectionClass`
//!
//! No function keeps a hold of the elements while 4D code runs: a callback may change the very
//! collection that is being walked. Elements are taken one by one, by index, up to the length the
//! collection has at that moment.

mod basic;
mod callbacks;
mod distinct;
mod extract;
mod list;
mod numbers;
mod order;
mod query;
mod search;
mod sorting;

members! {
    "Collection" {
        /// The number of elements.
        get "length" () => list::length;

        /// Gives the element at an index; a negative one counts from the end.
        function "at" (index) => basic::at;
        /// Gives the first element.
        function "first" () => basic::first;
        /// Gives the last element.
        function "last" () => basic::last;
        /// Appends elements.
        function "push" (element; elementN) => basic::push;
        /// Removes the last element and gives it.
        function "pop" () => basic::pop;
        /// Removes the first element and gives it.
        function "shift" () => basic::shift;
        /// Inserts elements at the beginning.
        function "unshift" (value; valueN) => basic::unshift;
        /// Inserts an element.
        function "insert" (index; element) => basic::insert;
        /// Removes elements.
        function "remove" (index; howMany) => basic::remove;
        /// Changes the number of elements.
        function "resize" (size; defaultValue) => basic::resize;
        /// Sets elements to a value.
        function "fill" (value; startFrom; end) => basic::fill;
        /// Removes all elements.
        function "clear" () => basic::clear;
        /// Inserts the elements of another collection.
        function "combine" (col2; index) => basic::combine;
        /// Gives a new collection with the elements of this one and others behind them.
        function "concat" (value; valueN) => basic::concat;
        /// Gives some of the elements as a new collection.
        function "slice" (startFrom; end) => basic::slice;
        /// Gives a new collection in the opposite order.
        function "reverse" () => basic::reverse;
        /// Gives a new collection in which the elements of nested ones stand themselves.
        function "flat" (depth) => basic::flat;
        /// Gives a deep copy.
        function "copy" (option; groupWith) => basic::copy;
        /// Gives the elements as one text.
        function "join" (delimiter; option) => basic::join;

        /// Finds the first element equal to a value.
        function "indexOf" (toSearch; startFrom) => search::index_of;
        /// Finds the last element equal to a value.
        function "lastIndexOf" (toSearch; startFrom) => search::last_index_of;
        /// Says whether an element is equal to a value.
        function "includes" (toSearch; startFrom) => search::includes;
        /// Counts the elements that are not null, or have a property.
        function "count" (propertyPath) => search::count;
        /// Counts the elements equal to a value.
        function "countValues" (value; propertyPath) => search::count_values;
        /// Compares the contents of two collections in depth.
        function "equal" (collection2; option) => search::equal;
        /// Gives each value once, sorted.
        function "distinct" (propertyPath; options) => distinct::distinct;

        /// Gives the mean of the numbers.
        function "average" (propertyPath) => numbers::average;
        /// Gives the sum of the numbers.
        function "sum" (propertyPath) => numbers::sum;
        /// Gives the element that sorts last.
        function "max" (propertyPath) => numbers::max;
        /// Gives the element that sorts first.
        function "min" (propertyPath) => numbers::min;

        /// Gives the values of a property, or objects with some of the properties.
        function "extract" (propertyPath; option; targetPath) => extract::extract;

        /// Says whether a callback accepts all elements.
        function "every" (startFrom; formula; param) => callbacks::every;
        /// Says whether a callback accepts an element.
        function "some" (startFrom; formula; param) => callbacks::some;
        /// Gives the first element that a callback accepts.
        function "find" (startFrom; formula; param) => callbacks::find;
        /// Gives the index of the first element that a callback accepts.
        function "findIndex" (startFrom; formula; param) => callbacks::find_index;
        /// Gives the elements that a callback accepts.
        function "filter" (formula; param) => callbacks::filter;
        /// Gives what a callback makes of each element.
        function "map" (formula; param) => callbacks::map;
        /// As `map`, with the elements of collections that the callback gives.
        function "flatMap" (formula; param) => callbacks::flat_map;
        /// Brings all elements together to one value, from left to right.
        function "reduce" (formula; initValue; param) => callbacks::reduce;
        /// Brings all elements together to one value, from right to left.
        function "reduceRight" (formula; initValue; param) => callbacks::reduce_right;

        /// Sorts the elements.
        function "sort" (formula; extraParam) => order::sort;
        /// Gives a sorted collection.
        function "orderBy" (criteria) => order::order_by;
        /// Gives a collection sorted by a callback.
        function "orderByMethod" (formula; extraParam) => order::order_by_method;
        /// Sorts several collections together.
        function "multiSort" (formula; colsToSort) => order::multi_sort;

        /// Gives the elements that meet conditions.
        function "query" (queryString; value) => query::query;
        /// Gives the indexes of the elements that meet conditions.
        function "indices" (queryString; value) => query::indices;
    }
}
