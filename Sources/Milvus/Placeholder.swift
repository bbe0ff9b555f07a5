enum MilvusPlaceholder {}
