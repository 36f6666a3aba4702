#include "header_words.h"

const char *const mqt_header_words[MQT_ROLE_COUNT] = {
    [MQT_ROLE_CODE] = "编码 编号 代码 序列号 标识码 唯一标识 楼栋编码 建筑编码 建筑物编码 建筑编号 楼宇编码 "
                      "楼栋编号 设施编码 设施编号 部件编码 部件标识码 部件编号 区划代码 行政区划代码 "
                      "统计区划代码 区域代码 区划编码 code id objid uid uuid gid osmid osmwayid featureid "
                      "assetid buildingid facilityid bsm xzqdm qhdm",
    [MQT_ROLE_NAME] = "名称 建筑名称 建筑物名称 楼栋名称 楼宇名称 楼名 大厦名称 设施名称 部件名称 机构名称 "
                      "单位名称 场所名称 区域名称 区划名称 行政区名称 站点名称 门店名称 店名 企业名称 学校名称 "
                      "医院名称 name mc buildingname facilityname placename namezh xzqmc qhmc",
    [MQT_ROLE_ESTATE] = "小区 小区名称 小区名 所属小区 所在小区 居住小区 住宅小区 楼盘 楼盘名称 院落 院落名称 "
                        "居民小区 社区小区 小区院落 estate estatename compound residentialarea xqmc",
    [MQT_ROLE_NUMBER] = "楼号 楼栋号 栋号 幢号 楼栋 楼幢号 座号 楼座 幢 栋 号楼 楼牌号 楼房号 建筑号 楼 楼宇号 "
                        "buildingno buildingnumber bldgno bldg blockno addrhousenumber lh ldh",
    [MQT_ROLE_UNIT] = "单元 单元号 单元名称 门洞 门洞号 单元门 unit unitno unitnumber dy dyh",
    [MQT_ROLE_FLOOR] = "楼层 所在楼层 所在层 层次 层 第几层 所在楼层号 floorno storey lc",
    [MQT_ROLE_ROOM] = "房号 室号 房间号 门牌号 户室号 房屋号 室 户室 房屋编号 门号 房间 房屋号码 住宅号 room "
                      "roomno roomnumber apartment apartmentno flat door sh fh",
    [MQT_ROLE_FLOORS_ABOVE] = "层数 总层数 地上层数 楼层数 建筑层数 总楼层 地上总层数 楼层总数 房屋层数 地上 地面层数 "
                              "floors floorsabove levels buildinglevels storeys numfloors stories floorcount cs dscs",
    [MQT_ROLE_FLOORS_BELOW] = "地下层数 地下室层数 地下楼层数 地下 地下总层数 floorsbelow undergroundfloors "
                              "buildinglevelsunderground basementlevels dxcs",
    [MQT_ROLE_HEIGHT_M] = "高度 建筑高度 楼高 总高 总高度 建筑物高度 建筑总高 房屋高度 高 height heightm "
                          "buildingheight h jzgd gd",
    [MQT_ROLE_BUILT_YEAR] = "建成年份 建成年代 建筑年代 建造年份 建成时间 竣工年份 竣工时间 建设年代 建设年份 年代 "
                            "建成年 建造年代 竣工年代 builtyear yearbuilt constructionyear year startdate jcnf jcnd",
    [MQT_ROLE_USE] = "用途 建筑用途 房屋用途 使用性质 规划用途 建筑性质 主要用途 建筑功能 功能 房屋性质 "
                     "建筑类型 楼栋类型 楼宇类型 use usage buildinguse buildingtype building landuse yt jzyt",
    [MQT_ROLE_STRUCTURE] = "结构 建筑结构 结构类型 房屋结构 建筑结构类型 主体结构 structure structuretype "
                           "buildingstructure jg jzjg",
    [MQT_ROLE_KIND] = "类别 类型 设施类型 设施类别 分类 种类 类 部件类型 部件类别 场所类型 机构类型 设施分类 "
                      "业态 行业 行业类别 kind type class facilitytype facilitykind amenity shop fclass lx lb",
    [MQT_ROLE_ADDRESS] = "地址 详细地址 位置 所在地址 地点 坐落 房屋坐落 住址 居住地址 现住址 家庭住址 设施地址 "
                         "门牌地址 标准地址 通讯地址 发生地址 事发地址 诉求地址 事发地点 发生地点 诉求地点 "
                         "问题地址 具体地址 问题位置 地理位置 现居住地址 户籍地址 address addr incidentaddress "
                         "streetaddress fulladdress dz zl",
    [MQT_ROLE_LON] = "经度 东经 lon lng longitude 经度坐标 坐标经度 gpslon gpslng longitudedeg jd wgs84经度 "
                     "gcj02经度 百度经度 高德经度",
    [MQT_ROLE_LAT] = "纬度 北纬 lat latitude 纬度坐标 坐标纬度 gpslat latitudedeg wd wgs84纬度 gcj02纬度 "
                     "百度纬度 高德纬度",
    [MQT_ROLE_EASTING] = "x x坐标 横坐标 东坐标 坐标x easting xcoord xcoordinate pointx",
    [MQT_ROLE_NORTHING] = "y y坐标 纵坐标 北坐标 坐标y northing ycoord ycoordinate pointy",
    [MQT_ROLE_LEVEL] = "级别 层级 区划级别 行政级别 区域类型 区域级别 区划类型 区域层级 level adminlevel "
                       "arealevel",
    [MQT_ROLE_PARENT_CODE] = "上级编码 上级代码 上级区划 父编码 父级编码 所属社区编码 所属社区代码 所属街道编码 "
                             "所属街道代码 上级区域编码 上级区划代码 parentcode parentid parent sjbm sjdm",
    [MQT_ROLE_MANAGER] = "责任单位 物业 物业公司 物业名称 物业企业 物业单位 管理单位 物业服务企业 负责单位 网格员 "
                         "网格长 manager managedby property propertycompany operator wygs",
    [MQT_ROLE_GRID_CODE] = "网格编码 网格编号 网格代码 网格号 网格 所属网格 网格名称 所在网格 单元网格编码 单元网格 "
                           "网格标识码 gridcode gridid grid gridno gridname wgbm wgbh wgmc",
    [MQT_ROLE_COMMUNITY] = "社区 社区名称 所属社区 社区村 所在社区 居委会 村居 社区编码 社区代码 社区居委会 村社区 "
                           "community communityname communitycode communityboard sqmc sqbm",
    [MQT_ROLE_SUBDISTRICT] = "街道 街道名称 所属街道 街镇 街道乡镇 乡镇街道 镇街 街乡 街乡镇 所在街道 乡镇 街道办事处 "
                             "街道编码 街道代码 subdistrict subdistrictname subdistrictcode jdmc jdbm",
    [MQT_ROLE_TICKET_NUMBER] = "诉求编号 工单编号 工单号 受理编号 诉求号 事件编号 案件编号 投诉编号 来电编号 服务单号 "
                               "任务号 案卷号 件号 工单流水号 流水号 uniquekey servicerequestid requestid ticketnumber "
                               "ticketno ticketid caseid casenumber number srnumber gdbh sqbh",
    [MQT_ROLE_REPORTED_AT] = "来电时间 诉求时间 受理时间 上报时间 反映时间 投诉时间 登记时间 提交时间 创建时间 "
                             "接诉时间 发生时间 报告时间 工单时间 受理日期 来电日期 诉求日期 上报日期 登记日期 "
                             "createddate createdat createdtime reportedat requesteddatetime opendate opened "
                             "dateopened reporttime slsj ldsj",
    [MQT_ROLE_CLOSED_AT] = "办结时间 结案时间 完成时间 关闭时间 办结日期 结案日期 完结时间 办理完成时间 处理完成时间 "
                           "closeddate closedat closedtime closed dateclosed completiondate bjsj",
    [MQT_ROLE_CATEGORY] = "诉求类别 诉求类型 问题类别 问题类型 工单类型 工单类别 工单分类 事项类别 事件类型 "
                          "事件类别 投诉类型 问题分类 诉求分类 一级分类 一级类别 案件类别 诉求事项 complainttype "
                          "category servicename problemtype requesttype servicecode sqlb sqlx",
    [MQT_ROLE_CHANNEL] = "渠道 来源渠道 诉求渠道 受理渠道 来源 诉求来源 上报渠道 来件渠道 工单来源 反映渠道 "
                         "受理方式 channel opendatachanneltype sourcechannel reportedvia qd",
    [MQT_ROLE_STATUS] = "状态 工单状态 办理状态 处理状态 诉求状态 办理情况 当前状态 案件状态 status state "
                        "ticketstatus casestatus zt",
    [MQT_ROLE_SEVERITY] = "紧急程度 严重程度 优先级 紧急级别 紧急等级 等级 缓急 严重性 severity priority urgency "
                          "jjcd",
    [MQT_ROLE_TITLE] = "标题 诉求标题 工单标题 主题 事项 问题标题 title subject descriptor summary bt",
    [MQT_ROLE_DESCRIPTION] = "内容 诉求内容 问题描述 描述 诉求描述 工单内容 反映内容 主要内容 详情 事件描述 具体内容 "
                             "诉求详情 description details content note ms",
    [MQT_ROLE_PHONE] = "电话 手机 手机号 手机号码 联系电话 联系方式 电话号码 移动电话 固定电话 本人电话 来电号码 "
                       "诉求人电话 联系人电话 单位电话 phone mobile tel telephone phonenumber mobilephone lxdh "
                       "sjh",
    [MQT_ROLE_PERSON_NAME] = "姓名 人员姓名 居民姓名 住户姓名 诉求人 来电人 业主 业主姓名 住户 本人姓名 联系人 反映人 "
                             "诉求人姓名 来电人姓名 联系人姓名 居民 投诉人 personname fullname residentname "
                             "residentfullname contactname xm",
    [MQT_ROLE_ID_NUMBER] = "身份证号 身份证 身份证号码 证件号码 公民身份号码 公民身份证号 证件号 身份号码 "
                           "居民身份证号 公民身份证号码 身份证件号码 idnumber idno idcard idcardno identitynumber "
                           "sfzh zjhm",
    [MQT_ROLE_SEX] = "性别 sex gender xb",
    [MQT_ROLE_BIRTH] = "出生日期 出生年月 生日 出生年份 出生 出生年月日 birth birthdate birthday dateofbirth "
                       "birthyear csrq",
    [MQT_ROLE_PERSON_KIND] = "人员类型 人员类别 人口类型 人口类别 居民类型 人员性质 居住类型 人口性质 personkind "
                             "persontype residenttype rylx",
    [MQT_ROLE_HOUSEHOLD_KIND] = "户籍类型 户别 户口类型 户口性质 户类型 户籍类别 户籍性质 户籍 户口类别 householdkind "
                                "householdtype hjlx",
    [MQT_ROLE_HOUSEHOLD_NO] = "户号 户编号 户口簿号 户口号 家庭编号 户口本号 户籍号 householdno householdnumber "
                              "householdid hh huhao",
    [MQT_ROLE_HEAD_ID_NUMBER] = "户主身份证 户主身份证号 户主证件号 户主证件号码 户主身份证号码 户主公民身份号码 "
                                "户主身份号码 headidnumber headid hzsfzh",
    [MQT_ROLE_HEAD_NAME] = "户主 户主姓名 户主名 headname headofhousehold hzxm",
    [MQT_ROLE_RELATION] = "与户主关系 户主关系 关系 家庭关系 与户主的关系 relation relationtohead relationship "
                          "yhzgx",
    [MQT_ROLE_AREA_M2] = "建筑面积 面积 房屋面积 使用面积 住房面积 套内面积 居住面积 房屋建筑面积 aream2 floorarea "
                         "grossarea jzmj mj",
    [MQT_ROLE_DWELLING_USE] = "房屋信息 房屋类型 住房类型 产权 产权性质 房屋状态 居住状态 房屋使用状况 住房性质 "
                              "产权类型 房屋使用情况 使用状态 dwellinguse tenure fwlx",
    [MQT_ROLE_PHOTO] = "照片 图片 现场照片 现场图片 照片文件 照片名称 图片名称 附件照片 诉求照片 问题照片 photo photos "
                       "picture pictures image images photofile zp tp",
};
