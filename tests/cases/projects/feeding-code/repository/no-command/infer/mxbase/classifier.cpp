#include <opencv2/opencv.hpp>

void Classifier::Read(const std::string &path, cv::Mat &image) {
    image = cv::imread(path, cv::IMREAD_COLOR);
}

void Classifier::Shrink(const cv::Mat &image, cv::Mat &small) {
    static constexpr int height = 256;
    static constexpr int width = 256;
    cv::resize(image, small, cv::Size(width, height));
}

void Classifier::Classify(const std::string &path) {
    cv::Mat image;
    Read(path, image);
    Shrink(image, image);

    const uint32_t bytes = image.cols * image.rows * 3;
    MemoryData source(image.data, bytes, MemoryData::MEMORY_HOST);
    Infer(source);
}
