#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class DescribeThingGroupRequest : AmazonIoTRequest
{
    public string ThingGroupName { get; set; }
}

public partial class DescribeThingGroupResponse : AmazonWebServiceResponse
{
    public string IndexName { get; set; }

    public string QueryString { get; set; }

    public string QueryVersion { get; set; }

    public DynamicGroupStatus Status { get; set; }

    public string ThingGroupArn { get; set; }

    public string ThingGroupId { get; set; }

    public ThingGroupMetadata ThingGroupMetadata { get; set; }

    public string ThingGroupName { get; set; }

    public ThingGroupProperties ThingGroupProperties { get; set; }

    public long? Version { get; set; }
}

public partial class CreateThingGroupRequest : AmazonIoTRequest
{
    public string ParentGroupName { get; set; }

    public List<Tag> Tags { get; set; } = Unset.List<Tag>();

    public string ThingGroupName { get; set; }

    public ThingGroupProperties ThingGroupProperties { get; set; }
}

public partial class CreateThingGroupResponse : AmazonWebServiceResponse
{
    public string ThingGroupArn { get; set; }

    public string ThingGroupId { get; set; }

    public string ThingGroupName { get; set; }
}

public partial class AddThingToThingGroupRequest : AmazonIoTRequest
{
    public bool? OverrideDynamicGroups { get; set; }

    public string ThingArn { get; set; }

    public string ThingGroupArn { get; set; }

    public string ThingGroupName { get; set; }

    public string ThingName { get; set; }
}

public partial class AddThingToThingGroupResponse : AmazonWebServiceResponse;

public partial class ListThingGroupsForThingRequest : AmazonIoTRequest
{
    public int? MaxResults { get; set; }

    public string NextToken { get; set; }

    public string ThingName { get; set; }
}

public partial class ListThingGroupsForThingResponse : AmazonWebServiceResponse
{
    public string NextToken { get; set; }

    public List<GroupNameAndArn> ThingGroups { get; set; } = Unset.List<GroupNameAndArn>();
}

public partial class GroupNameAndArn
{
    public string GroupArn { get; set; }

    public string GroupName { get; set; }
}

public partial class ThingGroupMetadata
{
    public DateTime? CreationDate { get; set; }

    public string ParentGroupName { get; set; }

    public List<GroupNameAndArn> RootToParentThingGroups { get; set; } = Unset.List<GroupNameAndArn>();
}

public partial class ThingGroupProperties
{
    public AttributePayload AttributePayload { get; set; }

    public string ThingGroupDescription { get; set; }
}
