// Data sets, tables and files in other tools.

extension ForeignWord {
  static let files: [ForeignWord] = [
    ForeignWord(
      """
      read_csv readtable fread read_table read_delim csvread dlmread xlsread read_excel readxl \
      pandas pd DataFrame data_frame frame dataframe dataframes tibble read_tsv readcsv load_csv csv_read \
      read_xlsx importdata
      """, "csv \"file.csv\" target=\"kind\" reads a table", see: "csv data"),
    ForeignWord(
      "genfromtxt loadtxt readmatrix fromfile read_txt textscan", "csv \"file.csv\" reads a table",
      see: "csv"),
    ForeignWord(
      "read open fopen read_file readLines readlines fgetl file readfile read_text",
      "csv \"file.csv\" target=\"kind\" reads a table, load \"file\" what was saved",
      see: "csv load"),
    ForeignWord(
      "read_json readRDS load_model joblib pickle unpickle torch_load from_json loads restore",
      "load \"net.onnx\" reads what was saved", see: "load save"),
    ForeignWord(
      "save_model saveRDS dump to_json to_pickle export_onnx to_onnx savetxt onnx save_net store dumps",
      "save net \"net.onnx\" writes a net, save value \"file.json\" a value", see: "save"),
    ForeignWord(
      "to_csv write_table writetable csvwrite dlmwrite writematrix fwrite savecsv",
      "write_csv data \"file.csv\" writes a table", see: "write_csv"),
    ForeignWord(
      "write fputs fprintf_file write_file writeLines writelines",
      "write_csv data \"file.csv\" and save value \"file.json\" write files", see: "save write_csv"),
    ForeignWord(
      "savefig saveas ggsave imwrite print_figure exportgraphics",
      "a picture is written by to=: show net data to=\"map.svg\"", see: "show"),
    ForeignWord(
      "mnist MNIST fashion_mnist FashionMNIST cifar10 CIFAR10 cifar load_mnist imagenet ImageNet",
      """
      csv "mnist.csv" target="label" reads a file of your own, idx MNIST's; data sets to try are circles, \
      moons, blobs, optdigits
      """, see: "optdigits idx csv"),
    ForeignWord(
      "load_iris iris_dataset datasets_iris loadiris load_iris_data", "the data set is iris",
      see: "iris"),
    ForeignWord(
      "load_digits digits_data load_optdigits digit_dataset", "the data set is optdigits",
      see: "optdigits"),
    ForeignWord(
      "load_breast_cancer breast_cancer_data wdbc cancer_dataset", "the data set is cancer",
      see: "cancer"),
    ForeignWord("load_diabetes", "the data set is diabetes", see: "diabetes"),
    ForeignWord(
      "circle make_circle ring rings concentric donut", "the data set is circles", see: "circles"),
    ForeignWord("moon two_moons halfmoons half_moons", "the data set is moons", see: "moons"),
    ForeignWord("XOR xor_data exclusive_or parity", "the data set is xor", see: "xor gate"),
    ForeignWord(
      "AND OR NAND NOR XNOR logic_gate gates nand nor xnor",
      "the truth table of a gate is gate(\"and\")", see: "gate"),
    ForeignWord(
      """
      titanic boston load_boston housing california_housing fetch_california_housing penguins wine \
      load_wine mtcars adult auto_mpg fetch_openml load_dataset kaggle UCI
      """,
      """
      csv "file.csv" target="column" reads a file of your own; iris, cancer, optdigits and diabetes \
      are built in
      """, see: "csv iris"),
    ForeignWord(
      "make_classification make_regression make_data generate_data toy_data toydata dataset datasets",
      "data sets to try: circles, moons, spirals, blobs, xor, iris; data X T makes one of numbers",
      see: "data"),
    ForeignWord(
      "DataLoader TensorDataset Dataset from_tensor_slices data_loader batch_loader dataloader",
      "data X T makes a data set; batch= of train says how many rows a step takes",
      see: "data batch"),
    ForeignWord(
      "train_test_split dividerand createDataPartition train_split holdout random_split initial_split",
      "sets = split data 0.7 makes two data sets of one", see: "split"),
    ForeignWord(
      "StandardScaler zscore z_score scale standard_scaler Normalization mapstd standardise",
      "standardize data gives features mean 0 and deviation 1", see: "standardize"),
    ForeignWord(
      "MinMaxScaler mapminmax min_max_scaler rescale minmax normalise normalizer Normalizer",
      "normalize data gives features from 0 to 1", see: "normalize"),
    ForeignWord(
      """
      OneHotEncoder get_dummies to_categorical one_hot_encoding onehotencode dummyvar LabelBinarizer \
      full_ind2vec ind2vec dummies model_matrix
      """, "onehot data makes columns of categories", see: "onehot"),
    ForeignWord(
      "LabelEncoder factor as_factor categorical grp2idx label_encoder Categorical astype_category",
      "targets that are texts become classes by themselves; categories=[\"zip\"] of csv takes numbers for names",
      see: "csv classes"),
    ForeignWord(
      "SimpleImputer fillna fillmissing na_fill impute_missing imputer interpolate_na",
      "impute data fills gaps", see: "impute"),
    ForeignWord(
      "dropna na_omit rmmissing complete_cases",
      "impute data fills gaps; csv says what it does with them",
      see: "impute csv"),
    ForeignWord("outliers rmoutliers remove_outliers", "drop_outliers data", see: "drop_outliers"),
    ForeignWord(
      "Pipeline make_pipeline ColumnTransformer preprocess recipe preprocessing_layer fit_transform transform",
      "preparings stand in each other: standardize (onehot (impute data)); the net remembers them",
      see: "standardize"),
    ForeignWord(
      "tail last_rows", "d[d.n-5..d.n] are the last rows of a data set d, x[-5..-1] of a vector",
      see: "indexing head"),
    ForeignWord(
      """
      target label labels X_train X_test y_train y_test y_true y_pred yhat y_hat ground_truth targets_of
      """,
      "data X T makes a data set d of rows and targets; d.x and d.t are both, d.classes the names",
      see: "data"),
    ForeignWord(
      "feature predictor predictors regressors covariates",
      "the columns of a data set d are its features, d.features their names", see: "features data"),
    ForeignWord(
      "merge bind_rows inner_join left_join concat_data append_rows",
      "stack puts data sets below each other", see: "stack"),
    ForeignWord(
      "iloc loc subset select dplyr rows", "d[1..100] are the first 100 rows of a data set",
      see: "indexing"),
    ForeignWord(
      "value_counts tabulate table groupby group_by aggregate pivot_table crosstab",
      "describe data tells of each column", see: "describe"),
  ]
}
