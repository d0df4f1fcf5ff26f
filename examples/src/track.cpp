// Prepares one inference of the tracker. Dynamic AIPP is set for the frames as they come from the decoder.
#include "acl/acl.h"

namespace {
constexpr uint64_t kBatch = 8;
constexpr uint32_t kSide = 416;
const char *const kModel = "tracker.om";
}

aclError PrepareFrame(uint32_t model, aclmdlDataset *input, size_t aippIndex, size_t sizeIndex)
{
    aclmdlAIPP *aipp = aclmdlCreateAIPP(kBatch);
    aclmdlSetAIPPInputFormat(aipp, ACL_YUV420SP_U8);
    aclmdlSetAIPPSrcImageSize(aipp, kSide, kSide);
    aclError result = aclmdlSetInputAIPP(model, input, aippIndex, aipp);
    aclmdlDestroyAIPP(aipp);
    if (result != ACL_SUCCESS) {
        return result;
    }
    return aclmdlSetDynamicHWSize(model, input, sizeIndex, kSide, kSide);
}
