#include "acl/acl.h"

namespace {
constexpr uint32_t kWidth = 832;
const int kHeight = 480;
}

aclError Prepare(uint32_t modelId, aclmdlDataset *input, size_t index)
{
    aclmdlAIPP *aipp = aclmdlCreateAIPP(1);
    aclmdlSetAIPPInputFormat(aipp, ACL_RGB888_U8);
    aclmdlSetAIPPSrcImageSize(aipp, kHeight, kWidth);
    aclmdlSetAIPPPaddingParams(aipp, 0, 0, 0, 0, 0, 0);
    aclmdlSetInputAIPP(modelId, input, index, aipp);
    return aclmdlSetDynamicHWSize(modelId, input, index, kHeight, kWidth);
}

aclError Other(aclmdlAIPP *other, int imageHeight, int imageWidth)
{
    return aclmdlSetAIPPSrcImageSize(other, imageHeight, imageWidth);
}
