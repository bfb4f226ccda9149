using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class DescribeThingGroupRequest : AmazonIoTRequest
{
    public string ThingGroupName { get; set; }
}

public partial class DescribeThingGroupResponse : AmazonWebServiceResponse
{
    public string ThingGroupName { get; set; }

    public string ThingGroupId { get; set; }

    public string ThingGroupArn { get; set; }

    public long? Version { get; set; }

    public ThingGroupProperties ThingGroupProperties { get; set; }

    public ThingGroupMetadata ThingGroupMetadata { get; set; }

    public string IndexName { get; set; }

    public string QueryString { get; set; }

    public string QueryVersion { get; set; }

    public DynamicGroupStatus Status { get; set; }
}

public partial class CreateThingGroupRequest : AmazonIoTRequest
{
    public string ThingGroupName { get; set; }

    public string ParentGroupName { get; set; }

    public ThingGroupProperties ThingGroupProperties { get; set; }

    public List<Tag> Tags { get; set; }
}

public partial class CreateThingGroupResponse : AmazonWebServiceResponse
{
    public string ThingGroupName { get; set; }

    public string ThingGroupArn { get; set; }

    public string ThingGroupId { get; set; }
}

public partial class AddThingToThingGroupRequest : AmazonIoTRequest
{
    public string ThingGroupName { get; set; }

    public string ThingGroupArn { get; set; }

    public string ThingName { get; set; }

    public string ThingArn { get; set; }

    public bool? OverrideDynamicGroups { get; set; }
}

public partial class AddThingToThingGroupResponse : AmazonWebServiceResponse;

public partial class ListThingGroupsForThingRequest : AmazonIoTRequest
{
    public string ThingName { get; set; }

    public string NextToken { get; set; }

    public int? MaxResults { get; set; }
}

public partial class ListThingGroupsForThingResponse : AmazonWebServiceResponse
{
    public List<GroupNameAndArn> ThingGroups { get; set; }

    public string NextToken { get; set; }
}

public partial class ThingGroupProperties
{
    public string ThingGroupDescription { get; set; }

    public AttributePayload AttributePayload { get; set; }
}

public partial class ThingGroupMetadata
{
    public string ParentGroupName { get; set; }

    public List<GroupNameAndArn> RootToParentThingGroups { get; set; }

    public DateTime? CreationDate { get; set; }
}

public partial class GroupNameAndArn
{
    public string GroupName { get; set; }

    public string GroupArn { get; set; }
}
